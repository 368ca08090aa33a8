import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router-dom'
import '../node_modules/dkfds/dist/css/dkfds-virkdk.css'
import './styles/fonts.css'
import './styles/app.css'
import { SessionProvider } from './api/session'
import { router } from './routes'

const root = document.getElementById('app')
if (root) createRoot(root).render(<StrictMode><SessionProvider><RouterProvider router={router} future={{ v7_startTransition: true }} /></SessionProvider></StrictMode>)
