import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporary } from '../action/kit/checkouts.ts'
import { repository, write } from '../kit/git.ts'
import { hostileRun } from './kit/running.ts'

const table = { 'db/1.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY);\n' }
const image = (version: number | string) => `services:\n  db:\n    image: postgres:${version}\n`

async function servers(root: string) {
  const ran = await hostileRun(['db', '--format', 'json'], root)
  expect(ran.code, ran.stderr).toBe(0)
  return { ...ran, servers: JSON.parse(ran.stdout).servers }
}

const assumed = [{ versions: ['15', '16', '17', '18'], by: 'nobody', places: [] }]

describe('files that name a server', () => {
  test.skipIf(process.platform === 'win32')('are not read behind links that lead out, or in .git', async () => {
    const elsewhere = temporary()
    write(elsewhere, { 'compose.yaml': image(12), 'k8s/db.yaml': image(12) })
    const root = repository(table)
    write(root, { '.git/compose.yaml': image(12) })
    symlinkSync(join(elsewhere, 'compose.yaml'), join(root, 'compose.yaml'))
    symlinkSync(join(elsewhere, 'k8s'), join(root, 'k8s'))
    symlinkSync('.git/compose.yaml', join(root, 'compose.test.yaml'))
    symlinkSync('/proc/self/environ', join(root, 'Dockerfile'))
    expect((await servers(root)).servers).toEqual(assumed)
  })

  test('are bounded in size, number, depth and aliases', async () => {
    const root = repository(table)
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 12; i++) {
      const [name, last] = ['abcdefghijkl'[i], 'abcdefghijkl'[i - 1]]
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${last}`).join(', ')}]`)
    }
    const deep = `x: ${'['.repeat(5000)}postgres:12${']'.repeat(5000)}\n`
    write(root, {
      'compose.bomb.yaml': `${bomb.join('\n')}\nimage: postgres\n`,
      'compose.deep.yaml': deep,
      'compose.name.yaml':
        'services:\n  __proto__: { image: "postgres:${constructor}" }\n  constructor: { postgresql: 12 }\n',
      'compose.loop.yaml': 'x: &x\n  image: postgres:$A\n  variables: { A: "$B", B: "$A$A" }\n  again: *x\n',
      'docker/Dockerfile': `${'ARG A=$A$A\n'.repeat(20_000)}FROM postgres:$A\n`,
      'terraform/a.tf': `resource "aws_db_instance" "a" { ${'{'.repeat(50_000)} engine = "postgres" }\n`,
      'pom.xml': `<!DOCTYPE p [<!ENTITY a "jdbc:tc:postgresql:12:///x">]><p>${'<q>'.repeat(50_000)}</p>\n`,
    })
    writeFileSync(join(root, 'compose.large.yaml'), `${image(12)}# ${'x'.repeat(600_000)}\n`)
    writeFileSync(join(root, 'docker-compose.huge.yml'), image(12))
    truncateSync(join(root, 'docker-compose.huge.yml'), 5_000_000_000)
    mkdirSync(join(root, 'k8s'))
    for (let i = 0; i < 3_000; i++) writeFileSync(join(root, 'k8s', `${i}.yaml`), '# postgres\n')
    expect((await servers(root)).servers).toEqual(assumed)
  })

  test('do not take the square of their length', async () => {
    const root = repository(table)
    const many = (count: number, make: (i: number) => string) =>
      Array.from({ length: count }, (_, i) => make(i)).join('')
    const place = 'resource "aws_db_instance" "a" {\n engine = "postgres"\n engine_version = var.x\n}\n'
    write(root, {
      // A different text each time, whose line is looked for.
      'build.gradle': many(20_000, i => `"postgres:16-a${i}"\n`),
      'pom.xml': `<p>${many(10_000, i => `<a>postgres:16-a${i}</a>\n`)}</p>`,
      'compose.yaml': `services:\n${many(10_000, i => ` s${i}: { image: "postgres:16-a${i}" }\n`)}`,
      // The text is in a comment, too.
      'compose.more.yaml': `${'# postgres:16-x\n'.repeat(12_000)}services:\n${many(4_000, i => ` s${i}: { image: "postgres:16-x" }\n`)}`,
      // Each image asks for a name among thousands.
      Dockerfile: many(10_000, i => `ARG A${i}=16\nFROM postgres:$A${i}\n`),
      '.github/workflows/a.yml': `jobs:\n a:\n  strategy: { matrix: { pg: [${many(9_000, i => `${i},`)}] }\n  services:\n${many(4_000, i => `   s${i}: { image: "postgres:\${{ matrix.pg }}" }\n`)}`,
      '.circleci/config.yml': `jobs:\n a:\n  docker:\n${'   - image: cimg/postgres:<<parameters.pg>>\n'.repeat(5_000)}workflows:\n w:\n  jobs:\n${'  - a: { matrix: { parameters: { pg: [] } } }\n'.repeat(5_000)}`,
      // One file of variables beside many others.
      ...Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`terraform/${i}.tf`, place])),
      'terraform/variables.tf': `variable "x" { default = "16" }\n${'x{}\n'.repeat(2_000_000)}`,
    })
    const ran = await servers(root)
    expect(ran.servers[0].versions).toEqual(['16'])
  })

  test('say nothing that acts on a terminal, and nothing by the thousand', async () => {
    const root = repository(table)
    const name = process.platform === 'win32' ? 'compose.x.yaml' : 'compose.\u{1b}[2J.yaml'
    const many = Array.from({ length: 30 }, (_, i) => `  s${i}: { image: "postgres:${6 + i}" }`).join('\n')
    write(root, { [`docker/${name}`]: image(14), 'compose.many.yaml': `services:\n${many}\n` })
    const text = await hostileRun(['db'], root)
    expect(text.code).toBe(0)
    expect(text.stdout + text.stderr).not.toContain('\u{1b}')
    expect(text.stderr.length).toBeLessThan(1_000)
    expect(text.stderr).toContain('more')
  })
})
