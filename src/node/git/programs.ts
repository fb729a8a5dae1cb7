/**
 * What a repository's own configuration can make git start, or reach out to, as git-config(1) has it. A stranger may have written
 * that configuration: it came with an archive, or with a folder that looks like a repository. `key` is as git prints it: section and
 * last part in lower case.
 */

/** Settings that every call of git is given, on its command line: there they count more than those of any file. */
export const always: readonly (readonly [key: string, value: string, why: string])[] = [
  ['safe.bareRepository', 'explicit', 'a folder of the work tree that looks like a repository is none'],
  ['core.fsmonitor', 'false', 'a program that is asked which files changed, whenever the index is read'],
  ['core.hooksPath', '/dev/null', 'hooks: reference-transaction after a fetch, post-index-change'],
  ['core.alternateRefsCommand', 'true', 'a program that lists the references of other object stores'],
  ['core.pager', 'cat', 'a program that shows what git prints'],
  ['core.editor', 'true', 'a program that edits messages'],
  ['sequence.editor', 'true', 'a program that edits the list of a rebase'],
  ['core.askPass', '', 'a program that asks for passwords'],
  ['credential.helper', '', 'programs that know passwords; an empty value forgets those that were named before'],
  ['log.showSignature', 'false', 'git log would start what checks signatures'],
  ['gpg.program', 'false', 'a program that checks signatures'],
  ['gpg.openpgp.program', 'false', 'a program that checks signatures'],
  ['gpg.x509.program', 'false', 'a program that checks signatures'],
  ['gpg.ssh.program', 'false', 'a program that checks signatures'],
  ['gpg.ssh.defaultKeyCommand', 'false', 'a program that prints a key'],
  ['gc.auto', '0', 'tidying up after a fetch, with gc.recentObjectsHook'],
  ['maintenance.auto', 'false', 'tidying up after a fetch'],
  ['submodule.recurse', 'false', 'submodules have a configuration of their own'],
  ['fetch.recurseSubmodules', 'false', 'submodules have a configuration of their own'],
  ['protocol.ext.allow', 'never', 'addresses that are commands'],
]

/** Options that switch off `diff.external`, `diff.<name>.command` and `diff.<name>.textconv`; an empty value would be started. */
export const options: ReadonlyMap<string, readonly string[]> = new Map([
  ['diff', ['--no-ext-diff', '--no-textconv']],
  ['log', ['--no-ext-diff', '--no-textconv']],
])

/**
 * Settings with a name in them, which a repository chooses: those that it has are set to what the user has, else to these. No more
 * than it has: a `process` that is empty would switch off the `clean` of the user.
 */
export const named: readonly {
  readonly pattern: RegExp
  readonly settings: readonly (readonly [key: string, value: string])[]
}[] = [
  // What git makes of a file before it compares or stores it. `.gitattributes` says for which files.
  {
    pattern: /^filter\.(?<name>.*)\.(?<part>clean|smudge|process|required)$/s,
    settings: [
      ['filter.<name>.<part>', ''],
      ['filter.<name>.required', 'false'],
    ],
  },
  // Hooks that are settings (git 2.54 and newer).
  {
    pattern: /^hook\.(?<name>.*)\.(command|event|enabled)$/s,
    settings: [
      ['hook.<name>.event', ''],
      ['hook.<name>.enabled', 'false'],
    ],
  },
  // It says which files are for which filter.
  { pattern: /^core\.attributesfile$/, settings: [['core.attributesfile', '']] },
]

/** Settings that cannot be taken back, as the first value counts, or as all do: a repository that has one is not fetched from. */
export const forbidden: readonly RegExp[] = [
  /^remote\..*\.uploadpack$/s, // the program on the other side, which is this side for a folder
  /^remote\..*\.vcs$/s, // a program that speaks for another system
  /^core\.gitproxy$/, // a program between here and git://
  /^fetch\.bundleuri$/, // another place to fetch from
]

/** What git may fetch by. Anything else, such as `ext`, is a program. */
export const protocols = 'file:git:http:https:ssh'
