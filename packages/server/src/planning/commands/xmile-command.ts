import { runXmile, usualWalls } from '../xmile/run-xmile.ts'
import { type Answer, type Asked, limited, onlyFile, wholeOption } from './answer.ts'
import { bytesOf } from './read-input.ts'

/** `xmile`: runs an XMILE 1.0 model of the supported subset in a worker; what is not supported is refused by name. */
export async function xmileCommand(asked: Asked): Promise<Answer> {
  const text = new TextDecoder().decode(await bytesOf(onlyFile(asked, 'an XMILE model')))
  const timeoutMs = 1000 * wholeOption(asked, 'seconds', usualWalls.timeoutMs / 1000, 1, 3600)
  const { name, run } = await runXmile(text, { ...usualWalls, timeoutMs })
  const rows = run.times.map((time, i) => [time, ...run.columns.map(({ values }) => values[i]!)])
  const last = run.columns.map(
    ({ label, units, values }) => `  ${label.padEnd(40)} ${values[0]} to ${values.at(-1)}${units === '' ? '' : ` ${units}`}`,
  )
  return limited(asked, 'systemDynamics', {
    lines: [`${name === '' ? 'model' : name}: time ${run.times[0]} to ${run.times.at(-1)}, step ${run.dt}, ${run.method}`, ...last],
    data: run,
    rows: [['time', ...run.columns.map(({ label }) => label)], ...rows],
  })
}
