/**
 * A machine that will never answer, so that waiting for it makes no sense. With another accelerator
 * it may.
 */
export class MachineFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MachineFailure';
  }
}
