import { accessSync, constants, statSync } from 'node:fs'
import { devNull } from 'node:os'
import { delimiter, isAbsolute, join, relative } from 'node:path'
import { lookUp } from '../../parse/look-up.ts'
import { isInside, realPath } from '../disk/path.ts'
import type { GitPlace } from './place.ts'
import { protocols } from './programs.ts'

/**
 * The variables that git needs to run at all. All others are withheld: tokens, passwords, and those that would start
 * programs.
 */
const passed = [
  'HOME',
  'XDG_CONFIG_HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  // Windows
  'ALLUSERSPROFILE',
  'APPDATA',
  'COMSPEC',
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'PATHEXT',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'USERNAME',
  'USERPROFILE',
  'WINDIR',
  // Where git has its own parts and its configuration
  'GIT_EXEC_PATH',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CONFIG_SYSTEM',
  'GIT_TEST_ASSUME_DIFFERENT_OWNER',
]

/**
 * The variables that git needs in addition to talk to a server. `$RUNNER_TEMP` appears in settings of actions/checkout.
 */
const passedToFetch = [
  'ALL_PROXY',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'all_proxy',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'CURL_CA_BUNDLE',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'GIT_SSL_CERT',
  'GIT_SSL_KEY',
  'GIT_SSL_NO_VERIFY',
  'GIT_ASKPASS',
  'GIT_USERNAME',
  'GIT_PASSWORD',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_SSH_VARIANT',
  'RUNNER_TEMP',
  'SSH_AGENT_PID',
  'SSH_AUTH_SOCK',
]

/** The environment in which git is started for a repository. With `isFetching`, git may talk to a server. */
export function gitEnvironment({ root, index, objects }: GitPlace, isFetching: boolean): NodeJS.ProcessEnv {
  const names = isFetching ? [...passed, ...passedToFetch] : passed
  const known = names.flatMap(name => {
    const value = lookUp(process.env, name)
    return value === undefined ? [] : [[name, value]]
  })
  return {
    ...Object.fromEntries(known),
    ...settingsOf(process.env, isFetching),
    PATH: folders(root).join(delimiter),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    // A repository's own refs/replace and grafts show a different history from that of its commits.
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_GRAFT_FILE: devNull,
    ...(index !== null && { GIT_INDEX_FILE: index }),
    ...(objects !== null && { GIT_OBJECT_DIRECTORY: objects }),
    // This is not the name of a protocol, so git contacts nobody for missing objects.
    GIT_ALLOW_PROTOCOL: isFetching ? (process.env.GIT_ALLOW_PROTOCOL ?? protocols) : 'none',
    ...(!isFetching && { GIT_NO_LAZY_FETCH: '1' }),
  }
}

/**
 * Settings that somebody gave to git for this one run, and that git passes on to hooks: git-config(1). Settings with
 * secrets are only for servers.
 */
function settingsOf(env: NodeJS.ProcessEnv, isFetching: boolean): NodeJS.ProcessEnv {
  const isSecret = (text: string) => /\b(http|credential|url|remote)\./i.test(text)
  const parameters = env.GIT_CONFIG_PARAMETERS
  const count = Number(env.GIT_CONFIG_COUNT) || 0
  const pairs = Array.from({ length: count }, (_, i) => [
    lookUp(env, `GIT_CONFIG_KEY_${i}`),
    lookUp(env, `GIT_CONFIG_VALUE_${i}`),
  ])
  const kept = pairs.filter(([key]) => key !== undefined && (isFetching || !isSecret(key)))
  return {
    ...(parameters !== undefined && (isFetching || !isSecret(parameters)) && { GIT_CONFIG_PARAMETERS: parameters }),
    ...settingsAfter(kept as [string, string][]),
  }
}

/** Settings as environment variables, for what must not be seen on a command line. */
export function settingsAfter(
  settings: readonly (readonly [string, string])[],
  env: NodeJS.ProcessEnv = {},
): NodeJS.ProcessEnv {
  const before = Number(env.GIT_CONFIG_COUNT ?? 0)
  const added = settings.flatMap(([key, value], i) => [
    [`GIT_CONFIG_KEY_${before + i}`, key],
    [`GIT_CONFIG_VALUE_${before + i}`, value],
  ])
  if (added.length === 0) return {}
  return { ...Object.fromEntries(added), GIT_CONFIG_COUNT: String(before + settings.length) }
}

/** The folders in which programs are looked for: never in the work tree, where a stranger may have put a `git`. */
function folders(root: string): string[] {
  const all = (process.env.PATH ?? '').split(delimiter).filter(isAbsolute)
  return all.filter(folder => !isInside(relative(root, realPath(folder))))
}

/**
 * The absolute path of the git program for a work tree; null if there is none. On Windows, the current folder would be
 * searched first for a bare name.
 */
export function gitProgram(root: string): string | null {
  const name = process.platform === 'win32' ? 'git.exe' : 'git'
  return (
    folders(root)
      .map(folder => join(folder, name))
      .find(isProgram) ?? null
  )
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
