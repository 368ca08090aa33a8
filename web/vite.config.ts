import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

// dkfds declares every weight of IBM Plex Sans in four formats; styles/fonts.css declares the few that are used.
function withoutFontFaces(): Plugin {
  return {
    name: 'dkfds-without-font-faces',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('dkfds-virkdk.css')) return null
      return { code: code.replace(/@font-face\s*\{[^}]*\}/g, ''), map: null }
    },
  }
}

const server = process.env.SAGSGANG_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [withoutFontFaces(), react()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // icons stay files, fetched only where they are shown; no data: addresses in a strict CSP
    chunkSizeWarningLimit: 1500, // scripts/size.mjs holds the limit that counts: the first view
    manifest: true,
  },
  server: { port: 5173, proxy: { '/api': server, '/v2': server } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
} as Parameters<typeof defineConfig>[0])
