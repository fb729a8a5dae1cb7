// The content of a bundle: its packages, their licences, and a bill of materials (CycloneDX). All of it comes from esbuild's list of
// files and from package-lock.json, so it always agrees with the bundle.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Folders of the packages that these files belong to: the keys of `inputs` in esbuild's metafile. */
export function packagesOf(inputs) {
  const folders = inputs.flatMap(path => {
    return /(?:^|[:/])(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []
  })
  return [...new Set(folders)].sort()
}

/** The sources of libpg-query.wasm, which its package does not list. The first line of each text names the source. */
const compiledIn = ['libpg_query', 'postgresql']

/** The notices that the licences ask for. A package without a licence is an error, because it could not be shipped. */
export async function licences(packages) {
  const notices = await Promise.all(
    packages.map(async path => {
      const { name, version, license } = await manifest(path)
      const files = (await readdir(join(root, path))).filter(file => /^(licen[cs]e|copying|notice)/i.test(file)).sort()
      const texts = await Promise.all(files.map(file => readFile(join(root, path, file), 'utf8')))
      if (license === undefined && texts.length === 0) throw new Error(`${name} has no licence`)
      const text = texts.map(each => each.replace(/\r\n/g, '\n').trim()).join('\n\n')
      return `${name} ${version} (${license})\n\n${text}`.trim()
    }),
  )
  for (const name of compiledIn) notices.push((await notice(name)).trim())
  return `${[...new Set(notices)].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

/** The bill of materials of a bundle: CycloneDX 1.4, the same for the same packages. */
export async function billOfMaterials(packages) {
  const { name, version, license } = await manifest('.')
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')).packages
  const inBundle = await Promise.all(packages.map(path => component(path, lock[path])))
  const all = [...new Map([...inBundle, ...(await compiled())].map(each => [each['bom-ref'], each])).values()]
  const components = all.sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1))
  const own = library(name, version, license, 'application')
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.4',
    version: 1,
    metadata: { component: own },
    components,
    dependencies: [{ ref: own['bom-ref'], dependsOn: components.map(each => each['bom-ref']) }],
  }
  return `${JSON.stringify(bill, null, 2)}\n`
}

async function component(path, locked) {
  const { name, version, license } = await manifest(path)
  if (locked?.version !== version) throw new Error(`${path} is not what package-lock.json says: run npm ci`)
  // The hash of the published package: `sha512-` and base64.
  const [, algorithm, sum] = /^(sha512|sha1)-(.+)$/.exec(locked.integrity ?? '') ?? []
  const hash = sum && {
    alg: { sha512: 'SHA-512', sha1: 'SHA-1' }[algorithm],
    content: Buffer.from(sum, 'base64').toString('hex'),
  }
  return { ...library(name, version, license), ...(hash && { hashes: [hash] }) }
}

async function compiled() {
  return Promise.all(
    compiledIn.map(async file => {
      const [, name, version, license] = /^(\S+) ([\d.]+), .*\((.+)\)\n/.exec(await notice(file)) ?? []
      const purl = `pkg:generic/${name.toLowerCase()}@${version}`
      return { type: 'library', 'bom-ref': purl, name, version, licenses: [{ expression: license }], purl }
    }),
  )
}

function library(fullName, version, license, type = 'library') {
  const [, group, name] = /^(?:(@[^/]+)\/)?(.+)$/.exec(fullName)
  const purl = `pkg:npm/${group ? `${encodeURIComponent(group)}/` : ''}${name}@${version}`
  const licenses = [{ expression: license }]
  return { type, 'bom-ref': purl, ...(group && { group }), name, version, licenses, purl }
}

async function manifest(path) {
  return JSON.parse(await readFile(join(root, path, 'package.json'), 'utf8'))
}

function notice(name) {
  return readFile(join(root, `scripts/licenses/${name}.txt`), 'utf8')
}
