import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads'
import type { Answer, Language } from '../../parse/instance.ts'

/**
 * How long the stack of the thread is. PostgreSQL itself gives up at a depth of 2 MB of its own stack (max_stack_depth); this is enough
 * for eight times that. It must stay well below the 32 MB of stack that the WebAssembly module keeps in its memory, of which each level
 * takes less than of this one: the end of that one is not watched.
 */
const stackSizeMb = 16

/** What the thread is asked. */
export interface Question {
  readonly language: Language
  readonly text: string
}

/** What the thread is started with. */
export interface Start {
  readonly parser: { readonly questions: MessagePort; readonly isAnswered: Int32Array }
}

/** Milliseconds after which a thread that does not answer is given up; it takes one second for 10 MB. */
const longest = 30_000

interface Thread {
  readonly worker: Worker
  readonly port: MessagePort
  readonly isAnswered: Int32Array
}

let thread: Thread | null = null
/** True while an answer is waited for: nobody is there to say so when a time limit ends that. */
let waiting = false

/**
 * The parser in a thread with a longer stack, for `useLargeStack`. `program` is the file, or its URL, that calls `answerQuestions` when it
 * is started as that thread. Waits for the answer; null when the text is too much for the thread, too.
 */
export function parserInThread(program: string | URL): (language: Language, text: string) => Answer | null {
  return (language, text) => {
    if (waiting) stop()
    thread ??= start(program)
    const { port, isAnswered } = thread
    Atomics.store(isAnswered, 0, 0)
    waiting = true
    port.postMessage({ language, text } satisfies Question)
    const isLate = Atomics.wait(isAnswered, 0, 0, longest) === 'timed-out'
    waiting = false
    if (isLate) stop()
    return isLate
      ? null
      : ((receiveMessageOnPort(port)?.message as { answer: Answer | null } | undefined)?.answer ?? null)
  }
}

function start(program: string | URL): Thread {
  const { port1: port, port2: questions } = new MessageChannel()
  const isAnswered = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const worker = new Worker(program, {
    workerData: { parser: { questions, isAnswered } } satisfies Start,
    transferList: [questions],
    resourceLimits: { stackSizeMb },
    // It needs nothing of them, and reads what strangers wrote.
    env: {},
    argv: [],
  })
  // What is wrong with a thread is seen by its not answering; the program does not wait for it.
  worker.on('error', () => {})
  worker.unref()
  port.unref()
  return { worker, port, isAnswered }
}

function stop(): void {
  void thread?.worker.terminate()
  thread = null
  waiting = false
}

/** True in the thread that `parserInThread` has started. */
export function isParserThread(): boolean {
  return typeof workerData === 'object' && workerData !== null && 'parser' in workerData
}
