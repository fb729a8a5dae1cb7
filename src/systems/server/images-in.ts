import { lookUp } from '../../parse/look-up.ts'
import { valueAt } from '../reading/yaml.ts'
import { imageVersion, writtenVersion } from './image.ts'
import { lineOf } from './line-of.ts'
import type { Named } from './named.ts'
import { scalarText } from './scalar.ts'
import { textsOf } from './scope.ts'

type Mapping = Readonly<Record<string, unknown>>

/** A value that says a version by itself, by its key. */
const versionKeys: Readonly<Record<string, (holders: readonly unknown[]) => boolean>> = {
  // Crunchy's operator: kind PostgresCluster
  postgresVersion: () => true,
  // render.yaml
  postgresMajorVersion: () => true,
  // inputs of actions that start a server
  'postgres-version': isStep,
  'postgresql-version': isStep,
  'postgresql version': isStep,
  // Travis: `addons: { postgresql: "16" }`
  postgresql: holders => holders.length >= 2 && valueAt(holders.at(-2), 'addons') === holders.at(-1),
  // Zalando's operator: `spec: { postgresql: { version: "16" } }`
  version: holders =>
    valueAt(holders[0], 'kind') === 'postgresql' && valueAt(holders.at(-2), 'postgresql') === holders.at(-1),
}

/** The value is an input of a step whose action is about PostgreSQL. */
function isStep(holders: readonly unknown[]): boolean {
  return /postgres/i.test(scalarText(valueAt(holders.at(-2), 'uses')) ?? '')
}

/** No file that a person wrote has more values, and aliases can stand for more than any memory holds. */
const most = 20_000
const deepest = 60
const mostNamed = 100

/** The versions that a document in YAML or JSON names: in images of containers wherever they stand, and under keys that have only this meaning. */
export function versionsInDocument(document: unknown, text: string): Named[] {
  const found: Named[] = []
  let left = most
  let named = 0
  const say = (version: string | null, written: string) => {
    if (version !== null) found.push({ version, line: () => lineOf(text, written) })
  }
  const sayImage = (written: string, holders: readonly unknown[]) => {
    // The values of a name are looked for in all mappings around it.
    if (written.includes('$') || written.includes('<<')) named++
    if (named > mostNamed) return
    for (const reference of textsOf(written, holders)) say(imageVersion(reference), written)
  }
  const walk = (value: unknown, key: string, holders: readonly unknown[]) => {
    if (left-- <= 0 || holders.length > deepest) return
    if (Array.isArray(value)) {
      for (const each of value) {
        if (key === 'services') ofService(each, holders)
        if (key === 'images') ofKustomization(each)
        walk(each, '', holders)
      }
      return
    }
    if (typeof value !== 'object' || value === null) {
      const written = scalarText(value)
      if (written === null) return
      if (key === 'image' || key === 'imageName') sayImage(written, holders)
      else if (lookUp(versionKeys, key)?.(holders))
        for (const each of textsOf(written, holders)) say(writtenVersion(each), written)
      return
    }
    if (key === 'image') ofParts(value as Mapping, holders)
    const within = [...holders, value]
    for (const [name, each] of Object.entries(value)) walk(each, name, within)
  }
  /** GitLab: `services: [postgres:16]`, `services: [{ name: postgres:16 }]`. */
  const ofService = (each: unknown, holders: readonly unknown[]) => {
    const name = scalarText(each) ?? scalarText(valueAt(each, 'name'))
    if (name !== null) sayImage(name, [...holders, each])
  }
  /** Kustomize: `images: [{ name: postgres, newTag: "16" }]`. */
  const ofKustomization = (each: unknown) => {
    const name = scalarText(valueAt(each, 'newName')) ?? scalarText(valueAt(each, 'name'))
    const tag = scalarText(valueAt(each, 'newTag'))
    if (name !== null && tag !== null) say(imageVersion(`${name}:${tag}`), tag)
  }
  /** Values of Helm charts: `image: { registry, repository, tag }`. Bitnami's chart has a default for the repository. */
  const ofParts = (image: Mapping, holders: readonly unknown[]) => {
    const tag = scalarText(valueAt(image, 'tag'))
    const written = scalarText(valueAt(image, 'repository')) ?? scalarText(valueAt(image, 'name'))
    const isChart = ['postgresql', 'postgresql-ha'].some(name => valueAt(holders.at(-2), name) === holders.at(-1))
    const name = written ?? (isChart ? 'bitnami/postgresql' : null)
    if (name !== null && tag !== null) say(imageVersion(`${name}:${tag}`), tag)
  }
  walk(document, '', [])
  return found
}
