import { workerData } from 'node:worker_threads'
import { ask, loadParser } from '../../parse/instance.ts'
import type { Question, Start } from './thread.ts'

/** The work of the thread that `parserInThread` starts, for as long as there are questions. */
export function answerQuestions(): void {
  const { questions, isAnswered } = (workerData as Start).parser
  questions.on('message', async ({ language, text }: Question) => {
    // The parser is loaded again if the last question was too much for it.
    await loadParser()
    questions.postMessage({ answer: ask(language, text) })
    Atomics.store(isAnswered, 0, 1)
    Atomics.notify(isAnswered, 0)
  })
}
