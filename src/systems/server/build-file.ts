import { lookUp } from '../../parse/look-up.ts'
import { stringsIn } from '../reading/comment.ts'
import { elementsIn, textIn, withAllIn, type XmlElement, xml } from '../reading/xml.ts'
import { imageVersion, writtenVersion } from './image.ts'
import { lineOf } from './line-of.ts'
import type { Named } from './named.ts'

/**
 * What Testcontainers starts (java.testcontainers.org/modules/databases/jdbc): `jdbc:tc:postgresql:16-alpine:///`, images in the settings of
 * plugins, and the binaries of an embedded server by Zonky.
 */
export function versionsInBuildFile(text: string, path: string): Named[] {
  const found = path.endsWith('.xml')
    ? inPom(xml(text))
    : isSettings(path)
      ? inLines(text)
      : stringsIn(text, path).map(plain)
  return found.flatMap(({ written, version }) =>
    version === null ? [] : [{ version, line: () => lineOf(text, written) }],
  )
}

interface Said {
  readonly written: string
  readonly version: string | null
}

function plain(written: string): Said {
  return { written, version: versionIn(written) }
}

function isSettings(path: string): boolean {
  return /\.(?:ya?ml|properties)$/.test(path)
}

/** Only the address of the driver has this form, so that neither YAML nor properties need to be parsed. */
function inLines(text: string): Said[] {
  return text.split('\n').flatMap(line => {
    const [address] = /^\s*[#!]/.test(line) ? [] : (/jdbc:tc:[\w.:-]+/.exec(line) ?? [])
    return address === undefined ? [] : plain(address)
  })
}

/** The images that the driver starts for each name of a database. */
const drivers: Readonly<Record<string, string>> = {
  postgresql: 'postgres',
  postgis: 'postgis/postgis',
  timescaledb: 'timescale/timescaledb',
  pgvector: 'pgvector/pgvector',
}

const zonky = 'io.zonky.test.postgres'

function versionIn(written: string): string | null {
  const [, database, tag] = /^jdbc:tc:(postgresql|postgis|timescaledb|pgvector):([\w.-]+)/.exec(written) ?? []
  if (database !== undefined && tag !== undefined) return imageVersion(`${lookUp(drivers, database)}:${tag}`)
  const [group, artifact = '', version] = written.split(':')
  if (group === zonky && artifact.startsWith('embedded-postgres-binaries'))
    return version ? writtenVersion(version) : null
  return imageVersion(written)
}

function inPom(root: XmlElement | null): Said[] {
  if (root === null) return []
  const properties = new Map(
    elementsIn(root)
      .filter(({ name }) => name === 'properties')
      .flatMap(elementsIn)
      .map(each => [each.name, textIn(each).trim()]),
  )
  const filled = (text: string) =>
    text.replace(/\$\{([\w.-]{1,100})\}/g, (whole, name: string) => properties.get(name) ?? whole)
  return withAllIn(root).flatMap(element => {
    const own = (name: string) => {
      const child = elementsIn(element).find(each => each.name === name)
      return child ? textIn(child).trim() : ''
    }
    if (own('groupId') === zonky) {
      const written = own('version')
      return plainAs(written, `${zonky}:${own('artifactId')}:${filled(written)}`)
    }
    const written = textIn(element).trim()
    return written === '' || elementsIn(element).length > 0 ? [] : plainAs(written, filled(written))
  })
}

function plainAs(written: string, filled: string): Said[] {
  return [{ written, version: versionIn(filled) }]
}
