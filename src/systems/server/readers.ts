import { jsonValue } from '../../parse/json.ts'
import { toml } from '../reading/toml.ts'
import { yaml } from '../reading/yaml.ts'
import { versionsInBuildFile } from './build-file.ts'
import { versionsInDockerfile } from './dockerfile.ts'
import { writtenVersion } from './image.ts'
import { versionsInDocument } from './images-in.ts'
import { lineOf } from './line-of.ts'
import type { Named, VersionReader } from './named.ts'
import { versionsInTerraform } from './terraform.ts'

/** The readers of files that name a server. Those of YAML and XML need `withParsers`. */
export const readers = {
  supabase: text =>
    [...(toml(text) ?? [])].flatMap(([key, value]) =>
      key === 'db.major_version' ? said(value, text, 'major_version') : [],
    ),
  mise: text =>
    [...(toml(text) ?? [])].flatMap(([key, value]) => {
      const [first] = Array.isArray(value) ? value : [value]
      return /^tools\.postgres(?:ql)?(?:\.version)?$/.test(key) ? said(first, text, 'postgres') : []
    }),
  yaml: text => yaml(text).flatMap(document => versionsInDocument(document, text)),
  devcontainer: text => versionsInDocument(jsonValue(text), text),
  toolVersions: text =>
    text.split('\n').flatMap((line, i) => {
      const [, written] = /^postgres(?:ql)?[ \t]+(\S+)/.exec(line) ?? []
      const version = written === undefined ? null : writtenVersion(written)
      return version === null ? [] : [{ version, line: () => i + 1 }]
    }),
  buildFile: versionsInBuildFile,
  dockerfile: versionsInDockerfile,
  terraform: versionsInTerraform,
} as const satisfies Readonly<Record<string, VersionReader>>

function said(value: unknown, text: string, key: string): Named[] {
  const version = typeof value === 'string' ? writtenVersion(value) : null
  return version === null ? [] : [{ version, line: () => lineOf(text, key) }]
}
