import { answer, functionOf } from '../host.ts'
import type { Run } from '../run.ts'
import type { Text } from '../text.ts'
import { type Call, type Host, nothing, type Value } from '../value.ts'
import { isWithin, told } from './not-read.ts'

/** Functions of a tool, made of readers of their calls. If a reader throws NotRead, the call is reported as unread, with the reason, at its place. */

/** A function whose calls `read` reads. Its result is what the function returns; undefined: the database's answer. */
export function reads(run: Run, name: string, read: (call: Call) => Value | undefined): Host {
  return functionOf(name, call => told(run, call.at, () => read(call)) ?? answer(call.at))
}

/** A function that sends the SQL that `build` makes of its arguments, one message for each text, and returns nothing. */
export function builds(run: Run, name: string, build: (call: Call) => readonly Text[]): Host {
  return functionOf(name, call => {
    sendBuilt(run, call, () => build(call))
    return nothing(call.at)
  })
}

/** Sends what `build` makes of a call, one message for each text. */
export function sendBuilt(run: Run, call: Call, build: () => readonly Text[]): void {
  told(run, call.at, () => {
    for (const sql of build()) run.send(atCall(sql, call), { at: call.at })
  })
}

/** An unknown value is reported where it is used, not where it was imported. */
function atCall(sql: Text, { at }: Call): Text {
  if (sql.pieces.every(piece => piece.unknown === undefined || isWithin(piece.at, at))) return sql
  const pieces = sql.pieces.map(piece =>
    piece.unknown === undefined || isWithin(piece.at, at) ? piece : { ...piece, at },
  )
  return { kind: 'text', pieces }
}
