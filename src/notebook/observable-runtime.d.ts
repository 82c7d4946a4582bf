/** The documented surface of @observablehq/runtime 6 that we use; the package ships no types. */
declare module "@observablehq/runtime" {
  export interface Observer {
    pending?(): void;
    fulfilled?(value: unknown, name: string): void;
    rejected?(error: unknown, name: string): void;
  }
  export interface Variable {
    define(name: string, inputs: string[], definition: unknown): Variable;
    delete(): void;
  }
  export interface Module {
    variable(observer?: Observer | boolean): Variable;
    redefine(name: string, inputs: string[], definition: unknown): Variable;
    value(name: string): Promise<unknown>;
  }
  export class Runtime {
    constructor(builtins?: Record<string, unknown>);
    module(): Module;
    dispose(): void;
  }
}
