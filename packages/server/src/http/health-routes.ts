import type { FastifyInstance } from 'fastify'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Deps } from './deps.ts'

/** `/health` says the process lives, `/ready` that it takes writes, `/metrics` gives numbers in Prometheus' text form. */
export function healthRoutes(app: FastifyInstance, deps: Deps): void {
  const lag = monitorEventLoopDelay({ resolution: 20 })
  lag.enable()
  const requests = new Map<string, number>()
  app.addHook('onResponse', async (request, reply) => {
    const key = `method="${request.method}",status="${reply.statusCode}"`
    requests.set(key, (requests.get(key) ?? 0) + 1)
  })
  app.addHook('onClose', async () => lag.disable())

  app.get('/health', async () => ({ status: 'up' }))

  app.get('/ready', async (_request, reply) => {
    const { writes } = deps.store.state()
    return reply.code(writes === 'open' ? 200 : 503).send({ status: writes === 'open' ? 'ready' : 'not ready', writes })
  })

  app.get('/metrics', async (_request, reply) => {
    const { lastSequence, bytes, writes } = deps.store.state()
    const lines = [
      '# TYPE cityloop_http_requests_total counter',
      ...[...requests].map(([key, count]) => `cityloop_http_requests_total{${key}} ${count}`),
      '# TYPE cityloop_changes_total counter',
      `cityloop_changes_total ${lastSequence}`,
      '# TYPE cityloop_store_bytes gauge',
      `cityloop_store_bytes ${bytes}`,
      '# TYPE cityloop_writes_open gauge',
      `cityloop_writes_open ${writes === 'open' ? 1 : 0}`,
      '# TYPE cityloop_event_loop_lag_seconds gauge',
      `cityloop_event_loop_lag_seconds{quantile="0.99"} ${lag.percentile(99) / 1e9}`,
      '# TYPE process_resident_memory_bytes gauge',
      `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    ]
    return reply.type('text/plain; version=0.0.4').send(`${lines.join('\n')}\n`)
  })
}
