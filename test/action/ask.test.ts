import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { NoAnswer, Patience } from '../../src/node/action/ask.ts'

const bounds = { answer: 300, all: 1000, answers: 5, length: 100_000 }

async function serving(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => answer(response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('waiting for a body that never ends stops after the time of one answer', async () => {
  const url = await serving(response => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const more = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(more))
  })
  await expect(new Patience(bounds).asking(fetch)(url)).rejects.toEqual(new NoAnswer('GitHub took too long to answer'))
})

test('reading an endless body stops at the longest possible answer', async () => {
  const url = await serving(response => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const write = () => {
      while (!response.destroyed && response.write(' '.repeat(65_536))) {}
    }
    response.on('drain', write)
    write()
  })
  await expect(new Patience({ ...bounds, answer: 20_000 }).asking(fetch)(url)).rejects.toEqual(
    new NoAnswer("GitHub's answer is longer than 0.1 MB"),
  )
})

test('a step sends no more requests than it may, however quick the answers are', async () => {
  const url = await serving(response => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'))
  const ask = new Patience({ ...bounds, all: 60_000 }).asking(fetch)
  for (let i = 0; i < bounds.answers; i++) expect(await (await ask(url)).json()).toEqual({})
  await expect(ask(url)).rejects.toEqual(new NoAnswer('GitHub took too long to answer all that was asked'))
})

test('an answer arrives unchanged, with its headers and its address', async () => {
  const url = await serving(response =>
    response.writeHead(201, { 'content-type': 'text/plain', link: '<x>; rel="next"' }).end('[{"é": 1}]'),
  )
  const answer = await new Patience(bounds).asking(fetch)(url)
  expect([answer.status, answer.headers.get('link'), new URL(answer.url).origin]).toEqual([201, '<x>; rel="next"', url])
  expect(await answer.json()).toEqual([{ é: 1 }])
})
