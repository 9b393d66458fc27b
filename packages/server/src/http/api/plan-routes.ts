import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { RouteJob, RouteJobs } from '#routes/route-jobs.ts'
import { readCount, readParameters } from '../exchange.ts'

const longestWaitMs = 20_000
const base = '/api/routes'

/** Vehicle-routing problems as VROOM documents: answered at once where that is quick, else a job to look after. */
export function planRoutes(app: FastifyInstance, { routes }: { readonly routes: RouteJobs }): void {
  app.post(base, async (request, reply) => {
    const waitMs = readCount(readParameters(request, ['waitMs']), 'waitMs', { least: 0, most: longestWaitMs, otherwise: longestWaitMs })
    const submitted = routes.submit(request.body)
    if (submitted.kind === 'refused') throw refusal(submitted.refusal, submitted.detail)
    const job = await routes.wait(submitted.job.id, waitMs)
    return send(reply.header('location', `${base}/${submitted.job.id}`), job ?? submitted.job)
  })

  app.get<{ Params: { id: string } }>(`${base}/:id`, async (request, reply) => send(reply, find(request.params.id)))

  app.delete<{ Params: { id: string } }>(`${base}/:id`, async (request, reply) => {
    const { id } = find(request.params.id)
    if (!routes.cancel(id)) throw new NgsiLdError('Conflict', `The job ${id} has ended`)
    return reply.code(204).send()
  })

  function find(id: string): RouteJob {
    const job = routes.get(id)
    if (job === undefined) throw new NgsiLdError('ResourceNotFound', `There is no routing job ${id}, or it is no longer kept`)
    return job
  }
}

/** The answer of a job that is done; 202 and the job while it runs. */
function send(reply: FastifyReply, job: RouteJob): FastifyReply {
  if (job.state === 'failed') throw new Error(job.error ?? 'The routing job failed')
  if (job.state === 'done' || job.state === 'cancelled') return reply.code(200).send({ ...job.answer, job: { id: job.id, state: job.state } })
  return reply.code(202).send(job)
}

function refusal(kind: 'badInput' | 'tooLarge' | 'full', detail: string): NgsiLdError {
  switch (kind) {
    case 'badInput':
      return new NgsiLdError('BadRequestData', detail)
    case 'tooLarge':
      return new NgsiLdError('TooComplexQuery', detail)
    case 'full':
      return new NgsiLdError('Unavailable', detail)
  }
}
