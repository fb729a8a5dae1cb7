import type { ObjectReference } from '../object.ts'

export interface Link {
  readonly object: ObjectReference
  readonly automatic: boolean
}

export const automatic = (object: ObjectReference): Link => ({ object, automatic: true })
export const normal = (object: ObjectReference): Link => ({ object, automatic: false })
