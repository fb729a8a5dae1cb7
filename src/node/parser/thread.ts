import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads'
import type { Answer, Language } from '../../parse/instance.ts'

/**
 * The size of the thread's stack. PostgreSQL itself gives up at a depth of 2 MB of its own stack (max_stack_depth);
 * this is enough for eight times that. It must stay well below the 32 MB of stack in the memory of the WebAssembly
 * module, where each level takes less than here, because nothing checks for the end of that stack.
 */
const stackSizeMb = 16

/** A question for the thread. */
export interface Question {
  readonly language: Language
  readonly text: string
}

/** The data that the thread is started with. */
export interface Start {
  readonly parser: { readonly questions: MessagePort; readonly isAnswered: Int32Array }
}

/** Milliseconds after which a thread that does not answer is given up. It takes one second for 10 MB. */
const longest = 30_000

interface Thread {
  readonly worker: Worker
  readonly port: MessagePort
  readonly isAnswered: Int32Array
}

let thread: Thread | null = null
/** True while an answer is awaited. If a time limit ends that, nobody receives the answer. */
let waiting = false

/**
 * The parser in a thread with a larger stack, for `useLargeStack`. `program` is the file, or its URL, that calls
 * `answerQuestions` when it is started as that thread. Waits for the answer; null if the text is too much for the
 * thread as well.
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
    // The thread does not need the environment, and it reads text from strangers.
    env: {},
    argv: [],
  })
  // An error of the thread shows because it does not answer. The program does not wait for the thread.
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
