import { describe, expect, test } from 'vitest'
import { progressOn, showing } from '../../src/node/output/progress.ts'
import { Timing } from '../../src/node/output/timing.ts'
import { migrateLint, project } from './kit/program.ts'

/** A clock that is moved by hand. */
function clock() {
  let time = 0
  return { now: () => time, wait: (milliseconds: number) => (time += milliseconds) }
}

describe('progress', () => {
  test('is silent in a short run, and then shows a line each tenth of a second', () => {
    const written: string[] = []
    const { now, wait } = clock()
    const watch = showing(progressOn({ isTTY: true, write: text => written.push(text) }), now)
    for (let place = 1; place <= 2000; place++) {
      watch.file?.('rules', `${place}.sql`, place, 2000)
      wait(1)
    }
    expect(written).toHaveLength(10)
    expect(written[0]).toBe('\r\u001b[2KJudging 1001 of 2000 migrations …')
  })

  test('writes nothing into a file', () => {
    const written: string[] = []
    const { now, wait } = clock()
    const watch = showing(progressOn({ write: text => written.push(text) }), now)
    wait(5000)
    watch.file?.('read', 'a.sql', 1, 1)
    expect(written).toEqual([])
  })
})

describe('--timing', () => {
  test('adds up each part, rule and file, the slowest first', () => {
    const { now, wait } = clock()
    const timing = new Timing(now)
    timing.stage('find')
    wait(10)
    timing.file('read', 'a.sql')
    wait(20)
    timing.file('read', 'b\u001b.sql')
    wait(30)
    timing.file('rules', 'a.sql')
    timing.rule('drop-column')
    wait(25)
    timing.rule(null)
    timing.rule('drop-table')
    wait(5)
    timing.rule(null)
    wait(10)
    timing.stage('report')
    expect(timing.toString(path => `db/${path}`)).toBe(
      [
        'Time',
        '      10 ms   10 %  find the migrations',
        '      50 ms   50 %  read and parse them',
        '      40 ms   40 %  ask the rules',
        '       0 ms    0 %  write the report',
        'Slowest rules',
        '      25 ms   83 %  drop-column',
        '       5 ms   17 %  drop-table',
        'Slowest files',
        '      60 ms   67 %  db/a.sql',
        '      30 ms   33 %  db/b\u241b.sql',
      ].join('\n'),
    )
  })

  test('leaves the report as it is, and prints the table on standard error', async () => {
    const cwd = project({ 'migrations/1.sql': 'CREATE TABLE t (id int);', 'migrations/2.sql': 'DROP TABLE t;' })
    const [plain, timed] = [
      await migrateLint(['migrations'], { cwd }),
      await migrateLint(['migrations', '--timing'], { cwd }),
    ]
    const withoutTime = (text: string) => text.replace(/\d+(?:\.\d+)? m?s\b/g, '… ms')
    expect(withoutTime(timed.stdout)).toBe(withoutTime(plain.stdout))
    expect(timed.code).toBe(plain.code)
    expect(plain.stderr).not.toContain('Slowest')
    for (const line of ['find the migrations', 'run them on the model', 'ask the rules', 'migrations/2.sql'])
      expect(timed.stderr).toContain(line)
  })

  test('is not for --fix, which lints several times', async () => {
    const { code, stderr } = await migrateLint(['--timing', '--fix'], { cwd: project({}) })
    expect(code).toBe(2)
    expect(stderr).toContain("'--timing' cannot be used with option '--fix'")
  })
})
