/**
 * A machine that will never answer: nobody needs to wait for it any longer. With another accelerator
 * it may.
 */
export class MachineFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MachineFailure';
  }
}
