import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where `npm run dev` finds a running server; built files are handed out by the server itself. */
const server = 'http://127.0.0.1:1026'

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2024',
    chunkSizeWarningLimit: 1600,
    // Under the strict content security policy fonts and workers come from files, never from data: addresses.
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': server, '/ngsi-ld': server } },
})
