/** As much of WebAssembly as is used: every engine has it, and the types of Node.js do not. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }

  class Instance {
    constructor(module: Module)
    readonly exports: object
  }

  class Memory {
    constructor(limits: { readonly initial: number; readonly maximum: number })
    readonly buffer: ArrayBuffer
  }

  function compile(bytes: Uint8Array): Promise<Module>
  function instantiate(module: Module, imports: unknown): Promise<Instance>
}
