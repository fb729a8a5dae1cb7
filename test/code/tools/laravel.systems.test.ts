import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { laravelCalls } from '../../../src/systems/laravel/calls.ts'
import { settingsWithout } from '../../../src/systems/laravel/settings.ts'
import '../../kit/grammars.ts'
import { sent } from '../kit/sent.ts'
import { statements } from './kit/laravel-calls.ts'
import { Tally } from './kit/tally.ts'

// Generated migrations that the Laravel of Debian's packages compiles: what is read is the same, statement by statement.

const program = fileURLToPath(new URL('programs/run-laravel.php', import.meta.url))
const check =
  'require "/usr/share/php/Illuminate/autoload.php"; echo Illuminate\\Foundation\\Application::VERSION, extension_loaded("pdo_pgsql") ? "" : "none";'
const { status, stdout } = spawnSync('php', ['-r', check], { encoding: 'utf8' })
const version = /^(\d+)\.(\d+)\.\d+$/.exec(stdout ?? '')
const why =
  status === 0 && version ? null : 'the packages php-laravel-framework and php-pgsql of Debian are not on this machine'
if (why !== null) console.warn(`Laravel is not compared: ${why}.`)

describe.skipIf(why !== null)('what Laravel sends', () => {
  test(`Laravel ${version?.[0]}`, async () => {
    const cases = fc.sample(statements, { seed: 13, numRuns: 3000 })
    const output = execFileSync('php', [program], { input: JSON.stringify({ cases }), maxBuffer: 1 << 28 })
    const ran: (string[] | null)[] = JSON.parse(output.toString('utf8'))
    const tally = new Tally(`Laravel ${version?.[0]}`)
    const reader = laravelCalls({ ...settingsWithout, version: [Number(version?.[1]), Number(version?.[2])] })
    for (const [i, code] of cases.entries()) {
      const text = `<?php
use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\{DB, Schema};
return new class extends Migration { public function up(): void { ${code} } };`
      tally.compare(code, ran[i] ?? null, await sent(reader, text, 'up', '1.php'), plainly)
    }
    tally.print()
    expect(tally.claimed.slice(0, 25)).toEqual([])
    expect(tally.exact).toBeGreaterThan(2000)
  }, 600_000)
})

/** Parameters are numbered on their way to the server. */
function plainly(statements: readonly string[]): string[] {
  return statements.map(sql => sql.replace(/\$\d+/g, '?'))
}
