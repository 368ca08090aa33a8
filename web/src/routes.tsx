// One address per page; the address holds the state. Pages are loaded when first visited.
import { lazy, Suspense, type ComponentType } from 'react'
import { createBrowserRouter, Navigate, Link } from 'react-router-dom'
import { Layout, RequireSession } from './Layout'
import { PageTitle, Waiting } from './ui/parts'
import { Bank } from './pages/Bank'
import { BankNav } from './pages/bank/parts'
import { Login } from './pages/Login'

const Sharing = page(() => import('./pages/Sharing'))
const Import = page(() => import('./pages/Import'))
const Kle = page(() => import('./pages/bank/Kle'))
const Workflow = page(() => import('./pages/Workflow'))
const Compare = page(() => import('./pages/bank/Compare'))
const Similar = page(() => import('./pages/bank/Similar'))
const Tasks = page(() => import('./pages/Tasks'))
const Operations = page(() => import('./pages/Operations'))
const InstancePage = page(() => import('./pages/Instance'))
const FindCases = page(() => import('./pages/drift/FindCases'))
const IncidentsPage = page(() => import('./pages/drift/IncidentsPage'))
const Batches = page(() => import('./pages/drift/Batches'))
const ModifyCase = page(() => import('./pages/drift/ModifyCase'))
const MoveCases = page(() => import('./pages/drift/MoveCases'))
const HeatMap = page(() => import('./pages/drift/HeatMap'))
const Versions = page(() => import('./pages/drift/Versions'))
const Benefits = page(() => import('./pages/Benefits'))
const Ledger = page(() => import('./pages/Ledger'))
const Registers = page(() => import('./pages/bank/Registers'))
const RegisterEntry = page(() => import('./pages/bank/RegisterEntry'))
const RoleManual = page(() => import('./pages/bank/RoleManual'))
const Followed = page(() => import('./pages/bank/Followed'))
const Guide = page(() => import('./pages/bank/Guide'))
const Permanent = page(() => import('./pages/bank/Permanent'))
const Case = page(() => import('./pages/Case'))
const Boards = page(() => import('./pages/cards/Boards'))
const BoardPage = page(() => import('./pages/cards/BoardPage'))
const Modeller = page(() => import('./pages/bank/modeller/ModellerPage'))
const Proposals = page(() => import('./pages/bank/Proposals'))
const NewDraft = page(() => import('./pages/bank/NewDraft'))
const Imports = page(() => import('./pages/bank/Imports'))
const ImportPage = page(() => import('./pages/bank/ImportPage'))
const ImportFile = page(() => import('./pages/bank/ImportFile'))
const ProposalPage = page(() => import('./pages/bank/ProposalPage'))

function page(load: () => Promise<{ default: ComponentType }>) {
  const Page = lazy(load)
  return function LazyPage() {
    return <Suspense fallback={<Waiting what="siden" />}><Page /></Suspense>
  }
}

function Missing() {
  return (
    <>
      <PageTitle title="Siden findes ikke" lead="Adressen er måske skrevet forkert, eller det, du leder efter, er slettet.">Siden findes ikke</PageTitle>
      <p><Link to="/bank">Gå til banken</Link></p>
    </>
  )
}

function Broken() {
  return (
    <div className="container page-container">
      <h1>Siden kunne ikke vises</h1>
      <p>Der er en fejl i siden, ikke i det, du har gjort. Genindlæs siden, eller <a href="/bank">gå til banken</a>.</p>
    </div>
  )
}

export const router = createBrowserRouter([
  {
    element: <Layout />,
    errorElement: <Broken />,
    children: [
      { path: '/login', element: <Login /> },
      {
        element: <RequireSession />,
        children: [
          { path: '/', element: <Navigate to="/bank" replace /> },
          { path: '/bank', element: <><BankNav /><Bank /></> },
          { path: '/bank/ny', element: <Import /> },
          { path: '/bank/kort', element: <><BankNav /><Boards /></> },
          { path: '/bank/kort/:key', element: <BoardPage /> },
          { path: '/bank/deling', element: <Sharing /> },
          { path: '/bank/tegn/:id', element: <Modeller /> },
          { path: '/bank/kle', element: <><BankNav /><Kle /></> },
          { path: '/bank/registre/:kind?', element: <Registers /> },
          { path: '/bank/registre/:kind/:entry', element: <RegisterEntry /> },
          { path: '/bank/roller/:role', element: <RoleManual /> },
          { path: '/bank/foelger', element: <Followed /> },
          { path: '/bank/guide', element: <Guide /> },
          { path: '/w/:id', element: <Permanent /> },
          { path: '/bank/sammenlign', element: <Compare /> },
          { path: '/bank/lignende', element: <Similar /> },
          { path: '/bank/import', element: <Imports /> },
          { path: '/bank/import/:key', element: <ImportPage /> },
          { path: '/bank/import/:key/:number', element: <ImportFile /> },
          { path: '/bank/forslag', element: <Proposals /> },
          { path: '/bank/forslag/ny', element: <NewDraft /> },
          { path: '/bank/forslag/:id', element: <ProposalPage /> },
          { path: '/bank/:domain/:name/:tab?', element: <Workflow /> },
          { path: '/opgaver/:key?', element: <Tasks /> },
          { path: '/drift', element: <Operations /> },
          { path: '/drift/sager', element: <FindCases /> },
          { path: '/drift/fejl', element: <IncidentsPage /> },
          { path: '/drift/arbejde/:key?', element: <Batches /> },
          { path: '/drift/varmekort/:key?', element: <HeatMap /> },
          { path: '/drift/versioner/:id?', element: <Versions /> },
          { path: '/drift/flytning', element: <MoveCases /> },
          { path: '/drift/:key', element: <InstancePage /> },
          { path: '/drift/:key/flyt', element: <ModifyCase /> },
          { path: '/gevinster', element: <Benefits /> },
          { path: '/regnskab', element: <Ledger /> },
          { path: '/sager/:key', element: <Case /> },
          { path: '*', element: <Missing /> },
        ],
      },
    ],
  },
], { future: { v7_relativeSplatPath: true, v7_fetcherPersist: true, v7_normalizeFormMethod: true, v7_partialHydration: true, v7_skipActionErrorRevalidation: true } })
