/**
 * A fact about something that does not change, kept until the next one is asked about: facts about a statement are needed several times
 * while it runs, also because a doubtful one runs more than once, and hardly ever afterwards. A history has many statements, so that
 * keeping the facts about all of them would cost more than finding them again.
 */
export function ofLatest<K extends object, V>(find: (of: K) => V): (of: K) => V {
  let latest: { readonly of: K; readonly fact: V } | undefined
  return of => {
    if (latest?.of !== of) latest = { of, fact: find(of) }
    return latest.fact
  }
}
