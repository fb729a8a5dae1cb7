/**
 * The settings in a repository's own configuration that can make git start a program or contact a server, according to
 * git-config(1). A stranger may have written that configuration: it may come from an archive, or from a folder that
 * looks like a repository. `key` is written as git prints it: section and last part in lower case.
 */

/** Settings that every call of git gets on its command line, where they override those of every file. */
export const always: readonly (readonly [key: string, value: string, why: string])[] = [
  ['safe.bareRepository', 'explicit', 'a folder of the work tree that looks like a repository is not used as one'],
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

/**
 * Options that switch off `diff.external`, `diff.<name>.command` and `diff.<name>.textconv`. Setting these to an empty
 * value would not help: git would try to start it. A search would also start a pager for `-O`, which nobody gives, and enters
 * submodules only with `submodule.recurse`.
 */
export const options: ReadonlyMap<string, readonly string[]> = new Map([
  ['diff', ['--no-ext-diff', '--no-textconv']],
  ['log', ['--no-ext-diff', '--no-textconv']],
  ['grep', ['--no-ext-grep', '--no-textconv', '--no-recurse-submodules', '--no-color']],
])

/**
 * Settings whose keys contain a name that a repository chooses. Those that the repository has are set to the user's own
 * value, or else to the value here. Others are not touched: an empty `process` would switch off the user's `clean`.
 */
export const named: readonly {
  readonly pattern: RegExp
  readonly settings: readonly (readonly [key: string, value: string])[]
}[] = [
  // Filters that change a file before git compares or stores it. `.gitattributes` says which files they apply to.
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
  // This file says which filter applies to which files.
  { pattern: /^core\.attributesfile$/, settings: [['core.attributesfile', '']] },
]

/**
 * Settings that cannot be overridden, because the first value counts, or all of them do. A repository that has one is
 * not fetched from.
 */
export const forbidden: readonly RegExp[] = [
  /^remote\..*\.uploadpack$/s, // the program on the other side, which is this side for a folder
  /^remote\..*\.vcs$/s, // a program that speaks for another system
  /^core\.gitproxy$/, // a program between here and git://
  /^fetch\.bundleuri$/, // another place to fetch from
]

/** The protocols by which git may fetch. Any other, such as `ext`, runs a program. */
export const protocols = 'file:git:http:https:ssh'
