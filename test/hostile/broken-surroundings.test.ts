import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bad, opened } from '../action/kit/pull-request.ts'
import { builtAction, type Ended, runStep, type Step } from '../action/kit/workflow.ts'
import { blockingIndex, cli, project } from '../node/kit/program.ts'

// The surroundings of the program are broken, not its input: disks, folders, files of the runner, the network. Each causes one clear line.

const internal = /internal error|please report this|^ +at /m

interface Ran {
  /** Null: it did not end, and was stopped. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A line of a shell in a project, `$cli` being the program. */
function shell(line: string, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const cwd = project(blockingIndex)
  const program = `'${process.execPath}' '${cli}'`
  const child = spawn('/bin/sh', ['-c', line.replaceAll('$cli', program)], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)]
  const stop = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), 40_000)
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', async code => {
      clearTimeout(stop)
      resolve({ code, stdout: await stdout, stderr: await stderr })
    })
  })
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of stream.setEncoding('utf8')) text += chunk
  return text
}

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1)

describe('the command line', () => {
  test.each(['', '--format json', '--help', '--version', 'rules', 'rules drop-table', 'locks', 'history'])(
    'says that standard output is full: %s',
    async args => {
      const { code, stderr } = await shell(`$cli ${args} > /dev/full`)
      expect(lastLine(stderr)).toBe('migrate-lint: Cannot write to standard output: no space left on the disk.')
      expect(stderr).not.toMatch(internal)
      expect(code).toBe(2)
    },
  )

  test.each(['--nonsense', 'nowhere', ''])('ends where standard error is full: %s', async args => {
    const { code, stdout } = await shell(`$cli ${args} 2> /dev/full`)
    expect(stdout).not.toMatch(internal)
    expect(code).toBe(args === '' ? 1 : 2)
  })

  test('ends if nobody reads standard error', async () => {
    expect((await shell('{ $cli --nonsense 2>&1 1>&3 | true; } 3>&1; exit 0')).code).toBe(0)
  })

  test.each(['', 'migrations', '-', 'locks', 'history', 'status --database-url postgres://127.0.0.1:1/x', 'init'])(
    'says that the working directory is gone: %s',
    async args => {
      const { code, stderr } = await shell(`mkdir gone && cd gone && rmdir ../gone && $cli ${args}`)
      expect(lastLine(stderr)).toMatch(/^migrate-lint: The working directory no longer exists/)
      expect(stderr).not.toMatch(internal)
      expect(code).toBe(2)
    },
  )

  test.each([
    ['/dev/full', 'no space left on the disk'],
    ['/proc/nowhere/report.txt', 'no such file or directory'],
    ['migrations', 'is a directory'],
    ['migrations/001_orders.sql/report.txt', 'not a directory'],
    [`${'x'.repeat(300)}.txt`, 'the name is too long'],
  ])('says why a report cannot be written to %s', async (path, why) => {
    const { code, stderr } = await shell(`$cli --format text=${path} --format json`)
    expect(lastLine(stderr)).toMatch(/^migrate-lint: (Cannot write|.*not written)/)
    expect(stderr).toContain(why)
    expect(stderr).not.toMatch(internal)
    expect(code).toBe(2)
  })

  test('needs neither a home nor a search path, and reports what is missing', async () => {
    const { code, stdout, stderr } = await shell('$cli', { HOME: undefined, PATH: '' })
    expect([code, stdout.includes('orders_email_idx')]).toEqual([1, true])
    expect(stderr).not.toMatch(internal)
    const changed = await shell('$cli --changed', { HOME: undefined, PATH: '' })
    expect(changed.code).toBe(2)
    expect(changed.stderr).toContain('git is not installed')
    expect(changed.stderr).not.toMatch(internal)
  })
})

describe('the action', () => {
  builtAction()

  const told = ({ annotations, stdout, stderr, summary }: Ended) =>
    [annotations.join('\n'), stdout, stderr, summary].join('\n')

  describe('says what is wrong with the files of the runner', () => {
    test.each([
      ['missing', null, 'cannot be opened: no such file or directory.'],
      ['empty', '', 'is not JSON.'],
      ['cut off', '{"pull_request": {"num', 'is not JSON.'],
      ['HTML', '<!doctype html><title>502</title>', 'is not JSON.'],
      ['a list', '[]', 'is not as GitHub writes it.'],
      ['null', 'null', 'is not as GitHub writes it.'],
      ['another shape', '{"pull_request": 7}', 'is not as GitHub writes it.'],
      ['a pull request without commits', '{"pull_request": {"number": 7}}', 'is not as GitHub writes it.'],
      [
        'a name that is not a commit',
        '{"pull_request":{"number":7,"head":{"sha":"--x"},"base":{"sha":"--y","ref":"m"}}}',
        'is not',
      ],
    ])('the event is %s', async (_, content, why) => {
      const { step } = await opened(bad)
      const folder = temporary()
      const path = join(folder, 'event.json')
      if (content !== null) writeFileSync(path, content)
      const ended = await runStep({ ...step, env: { GITHUB_EVENT_PATH: path } })
      expect(ended.annotations).toHaveLength(1)
      expect(ended.annotations[0]).toMatch(/^error The event cannot be read: /)
      expect(ended.annotations[0]).toContain(why)
      expect([ended.code, ended.outputs.conclusion]).toEqual([1, 'error'])
      expect(told(ended)).not.toMatch(internal)
    })

    test.each(['GITHUB_EVENT_NAME', 'GITHUB_REPOSITORY'])('%s is empty', async name => {
      const { step } = await opened(bad)
      const ended = await runStep({ ...step, env: { [name]: '' } })
      expect(ended.annotations).toHaveLength(1)
      expect(ended.annotations[0]).toContain(name)
      expect([ended.code, ended.outputs.conclusion]).toEqual([1, 'error'])
      expect(told(ended)).not.toMatch(internal)
    })

    test('the summary of the job is missing: everything else is done', async () => {
      const { step, github } = await opened(bad)
      const ended = await runStep({ ...step, env: { GITHUB_STEP_SUMMARY: join(temporary(), 'gone') } })
      expect(
        ended.annotations.filter(each => each.startsWith('warning The summary of the job could not be')),
      ).toHaveLength(1)
      expect([ended.code, ended.outputs.conclusion, github.comments.length]).toEqual([1, 'fail', 1])
      expect(told(ended)).not.toMatch(internal)
    })

    test('outputs cannot be written: the step says so', async () => {
      const { step } = await opened(bad)
      const ended = await runStep({ ...step, env: { GITHUB_OUTPUT: join(temporary(), 'gone') } })
      expect(ended.annotations.at(-1)).toMatch(/^error The outputs of this step could not be set/)
      expect(ended.code).toBe(1)
      expect(told(ended)).not.toMatch(internal)
    })

    test('the report cannot be written: the step says so', async () => {
      const { step } = await opened(bad)
      const inputs = { ...step.inputs, 'report-file': 'db/1_orders.sql/report.html' }
      const ended = await runStep({ ...step, inputs })
      expect(ended.annotations.at(-1)).toMatch(/^error .*report\.html/)
      expect(ended.code).toBe(1)
      expect(told(ended)).not.toMatch(internal)
    })
  })

  const page = `<!doctype html><html><body>${'<p>bad gateway</p>\n'.repeat(2000)}</body></html>`
  const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
    'a page of HTML': response => send(response, 200, 'text/html', page),
    'a page of HTML that says it is JSON': response => send(response, 200, 'application/json', page),
    'HTML with 502': response => send(response, 502, 'text/html', page),
    'HTML with 403': response => send(response, 403, 'text/html; charset=utf-8', page),
    'JSON that is cut off': response => send(response, 200, 'application/json', '{"data": {"viewer": {"lo'),
    nothing: response => send(response, 200, 'application/json', ''),
    'no content': response => response.writeHead(204).end(),
    null: response => send(response, 200, 'application/json', 'null'),
    'a list': response => send(response, 200, 'application/json', '[]'),
    'another shape': response => send(response, 200, 'application/json', '{"data": {"viewer": {}}, "errors": "no"}'),
    bytes: response => send(response, 200, 'application/octet-stream', '\u0000\u0001\u001b[2J'),
    'a ring of redirects': response => response.writeHead(302, { location: '/graphql' }).end(),
    'an end in the middle': response => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write('{"data":')
      setTimeout(() => response.destroy(), 50)
    },
  }

  describe('goes on where GitHub answers with', () => {
    test.each(Object.entries(answers))('%s', async (_, answer) => {
      const { step } = await opened(bad)
      const ended = await runStep({ ...step, api: await serving(answer) })
      unharmed(ended)
    })

    test('nothing, because the host does not exist', async () => {
      const { step } = await opened(bad)
      unharmed(await runStep({ ...step, api: 'http://github.invalid' }))
    })

    test('something other than TLS', async () => {
      const { step } = await opened(bad)
      const plain = await serving(response => send(response, 200, 'application/json', '{}'))
      unharmed(await runStep({ ...step, api: plain.replace('http:', 'https:') }))
    })
  })

  /** The verdict is that of the migrations, and one line says that the comment is missing. */
  function unharmed(ended: Ended): void {
    const about = ended.annotations.filter(each => each.includes('omment on the pull request'))
    expect(about).toHaveLength(1)
    expect(about[0]?.length).toBeLessThan(500)
    expect(about[0]).not.toContain('\n')
    expect([ended.code, ended.outputs.conclusion]).toEqual([1, 'fail'])
    expect(ended.annotations.some(each => each.includes('blocking-index-build'))).toBe(true)
    expect(told(ended)).not.toMatch(internal)
    expect(told(ended)).not.toContain('bad gateway')
  }

  test.each(['a page of HTML', 'HTML with 502', 'JSON that is cut off', 'no content', 'null', 'another shape'])(
    'says that GitHub does not tell the pull request: %s',
    async name => {
      const { step } = await opened(bad)
      const api = await serving(answers[name] ?? (() => {}))
      const asked: Step = {
        ...step,
        api,
        event: 'workflow_dispatch',
        payload: {},
        inputs: { ...step.inputs, 'pr-number': '7' },
      }
      const ended = await runStep(asked)
      expect(ended.annotations).toHaveLength(1)
      expect(ended.annotations[0]).toMatch(/^error Input "pr-number": /)
      expect([ended.code, ended.outputs.conclusion]).toEqual([1, 'error'])
      expect(told(ended)).not.toMatch(internal)
      expect(told(ended)).not.toContain('bad gateway')
    },
  )
})

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body)
}

/** The address of a server that answers everything like this. */
async function serving(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    answer(response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'migrate-lint-broken-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(folder, { recursive: true })
  return folder
}
