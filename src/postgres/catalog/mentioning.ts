import { PersistentMap, type SavedMap } from './persistent-map.ts'

type Oid = number

/**
 * The objects that mention something, in the order in which they first did, each with the number of parts of its
 * definition that do. It is never changed.
 */
export class Mentioning {
  static readonly none = new Mentioning(PersistentMap.byOid(), PersistentMap.byOid(), 0)

  private readonly users: PersistentMap<Oid, User>
  /** By the places of the users. */
  private readonly inOrder: PersistentMap<number, Oid>
  private readonly next: number

  private constructor(users: PersistentMap<Oid, User>, inOrder: PersistentMap<number, Oid>, next: number) {
    this.users = users
    this.inOrder = inOrder
    this.next = next
  }

  static restored({ users, inOrder, next }: SavedMentioning): Mentioning {
    return new Mentioning(PersistentMap.restored(users), PersistentMap.restored(inOrder), next)
  }

  saved(): SavedMentioning {
    return { users: this.users.saved(), inOrder: this.inOrder.saved(), next: this.next }
  }

  get size(): number {
    return this.users.size
  }

  keys(): Oid[] {
    return this.inOrder.values()
  }

  /** The same after a number of parts of a definition were added, or removed if the number is negative. */
  with(by: Oid, change: number): Mentioning {
    const user = this.users.get(by)
    const count = (user?.count ?? 0) + change
    if (count <= 0)
      return user ? new Mentioning(this.users.remove(by), this.inOrder.remove(user.place), this.next) : this
    const place = user?.place ?? this.next
    const users = this.users.set(by, { count, place })
    return new Mentioning(users, this.inOrder.set(place, by), Math.max(this.next, place + 1))
  }
}

/** What `Mentioning.saved` makes of it. */
export interface SavedMentioning {
  readonly users: SavedMap
  readonly inOrder: SavedMap
  readonly next: number
}

interface User {
  readonly count: number
  readonly place: number
}
