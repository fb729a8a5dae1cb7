/**
 * Measures how the cost of linting grows with one file: npm run bench:growth [-- word of a name…]. For each shape it prints the times
 * of two sizes, and the exponent between them: 1 is linear, 2 is quadratic. It counts processor time, so that a busy machine gives
 * the same figures. Each measurement has its own process, which is stopped after some time. `SCALE=0.1` in the
 * environment measures smaller files.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { shapes } from './growth/shapes.ts'

const limit = Number(process.env.LIMIT ?? 60)
const scale = Number(process.env.SCALE ?? 1)
const program = fileURLToPath(new URL('growth/measure.mjs', import.meta.url))

interface Measured {
  readonly bytes: number
  /** Null: it was stopped. */
  readonly seconds: number | null
}

const words = process.argv.slice(2)
const chosen = shapes.filter(({ name }) => words.length === 0 || words.some(word => name.includes(word)))
console.log('exponent       n  seconds      4n  seconds      KB  shape')
for (const { name, most, text } of chosen) {
  const n = Math.ceil((most * scale) / 4)
  const small = measure(text(n))
  const large = small.seconds === null ? { bytes: text(4 * n).length, seconds: null } : measure(text(4 * n))
  const exponent =
    small.seconds === null || large.seconds === null
      ? '?'
      : (Math.log(large.seconds / small.seconds) / Math.log(4)).toFixed(2)
  console.log(
    [
      exponent.padStart(8),
      String(n).padStart(8),
      seconds(small),
      String(4 * n).padStart(8),
      seconds(large),
      (large.bytes / 1000).toFixed(0).padStart(8),
      `  ${name}`,
    ].join(''),
  )
}

function measure(content: string): Measured {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [program], {
    input: content,
    encoding: 'utf8',
    timeout: limit * 1000,
  })
  const wasStopped = error !== undefined && 'code' in error && error.code === 'ETIMEDOUT'
  if (!wasStopped && status !== 0) throw new Error(stderr)
  return { bytes: content.length, seconds: wasStopped ? null : (JSON.parse(stdout) as { seconds: number }).seconds }
}

function seconds({ seconds }: Measured): string {
  return (seconds === null ? `> ${limit}` : seconds.toFixed(2)).padStart(9)
}
