/**
 * A second thread parses programs while this one reads those that are parsed. Both take programs from one list, so that neither waits for
 * the other, and a program that the thread does not parse in time is parsed here. The thread gets texts and gives trees: it knows nothing of
 * migrations, and no result depends on it.
 */
import { availableParallelism } from 'node:os'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads'
import type { ParsedAhead, Unparsed } from '../../code/ahead.ts'
import type { Packed } from '../../code/copy.ts'
import type { Grammar } from '../../code/language.ts'

/** Milliseconds after which a program that the thread has begun is parsed here. The thread itself gives up much earlier. */
const longest = 10_000

/** The states of a program on the list, in the order in which they can follow each other. */
export const states = { open: 0, begun: 1, parsed: 2, left: 3 } as const

/** A list of programs for the thread. `state` has one of `states` for each. */
export interface Order {
  readonly list: number
  readonly programs: readonly Unparsed[]
  readonly state: Int32Array
}

/** The thread's answer. Without a tree, the program is parsed where it is needed. */
export interface Answer {
  readonly list: number
  readonly index: number
  readonly tree: Packed | null
}

/** The data that the thread is started with. */
interface Start {
  readonly ahead: { readonly orders: MessagePort }
}

interface Place {
  readonly list: number
  readonly index: number
  readonly state: Int32Array
}

class Thread implements ParsedAhead {
  readonly #program: URL
  #running: { readonly worker: Worker; readonly port: MessagePort } | null = null
  /** Where each text is on a list, by the grammar. */
  readonly #places = new Map<Grammar, Map<string, Place>>()
  readonly #trees = new Map<string, Packed | null>()
  #lists = 0

  constructor(program: URL) {
    this.#program = program
  }

  begin(programs: readonly Unparsed[]): void {
    if (programs.length === 0 || availableParallelism() < 2) return
    this.#running ??= start(this.#program)
    const list = this.#lists++
    const state = new Int32Array(new SharedArrayBuffer(programs.length * Int32Array.BYTES_PER_ELEMENT))
    for (const [index, { grammar, text }] of programs.entries()) {
      const places = this.#places.get(grammar) ?? new Map<string, Place>()
      this.#places.set(grammar, places.set(text, { list, index, state }))
    }
    this.#running.port.postMessage({ list, programs, state } satisfies Order)
  }

  take({ grammar, text }: Unparsed): Packed | null {
    const places = this.#places.get(grammar)
    const place = places?.get(text)
    if (!place) return null
    places?.delete(text)
    const { state, index } = place
    if (Atomics.compareExchange(state, index, states.open, states.left) === states.open) return null
    if (Atomics.wait(state, index, states.begun, longest) === 'timed-out') return this.#stop()
    return this.#received(place)
  }

  #received({ list, index }: Place): Packed | null {
    const key = `${list} ${index}`
    while (!this.#trees.has(key)) {
      const received = this.#running && receiveMessageOnPort(this.#running.port)
      if (!received) return null
      const answer = received.message as Answer
      this.#trees.set(`${answer.list} ${answer.index}`, answer.tree)
    }
    const tree = this.#trees.get(key) ?? null
    this.#trees.delete(key)
    return tree
  }

  /** Something is wrong with the thread: from now on, everything is parsed here. */
  #stop(): null {
    void this.#running?.worker.terminate()
    this.#places.clear()
    this.#trees.clear()
    return null
  }
}

/** `program` is the file that calls `parsePrograms` when it is started as that thread. */
export function thread(program: URL): ParsedAhead {
  return new Thread(program)
}

function start(program: URL) {
  const { port1: port, port2: orders } = new MessageChannel()
  // It needs nothing of the environment, and reads text of strangers.
  const worker = new Worker(program, {
    workerData: { ahead: { orders } } satisfies Start,
    transferList: [orders],
    env: {},
    argv: [],
  })
  // A thread that cannot start or ends is one that parses nothing. The program does not wait for it.
  worker.on('error', () => {})
  worker.unref()
  port.unref()
  return { worker, port }
}

/** Where the orders arrive in the thread; null: this is another thread. */
export function ordersHere(): MessagePort | null {
  const isHere = typeof workerData === 'object' && workerData !== null && 'ahead' in workerData
  return isHere ? (workerData as Start).ahead.orders : null
}
