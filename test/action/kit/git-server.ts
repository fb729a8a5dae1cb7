import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** Serves a repository over HTTP as `/shop.git`, to everybody who has the token. Returns the address. Runs until the test is over. */
export async function serveGit(root: string, token: string): Promise<string> {
  const expected = `basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`
  const server = createServer((request, response) => {
    if (request.headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic' }).end()
      return
    }
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
    const child = spawn('git', ['http-backend'], {
      env: {
        ...process.env,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: pathname.replace('/shop.git', '/.git'),
        QUERY_STRING: searchParams.toString(),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    request.pipe(child.stdin)
    const chunks: Buffer[] = []
    child.stdout
      .on('data', chunk => chunks.push(chunk))
      .on('end', () => {
        const output = Buffer.concat(chunks)
        const end = output.indexOf('\r\n\r\n')
        const headers = output
          .subarray(0, end)
          .toString()
          .split('\r\n')
          .map(line => line.split(': ') as [string, string])
        const status = Number(headers.find(([name]) => name === 'Status')?.[1]?.slice(0, 3) ?? 200)
        response.writeHead(status, Object.fromEntries(headers.filter(([name]) => name !== 'Status')))
        response.end(output.subarray(end + 4))
      })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
