const present = {
  type: 'object',
  additionalProperties: false,
  required: ['present'],
  properties: { present: { type: 'boolean', description: 'Whether the guest has it.' } },
} as const;

/** JSON Schema of the features of a domain. */
export const featureSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'What the guest sees of its interrupt controller and of the hypervisor; x86 only.',
  properties: {
    x2apic: {
      type: 'boolean',
      description: "Interrupt controller without exits on each access. A CPU that is the host's has it anyway.",
    },
    pv_eoi: { type: 'boolean', description: "KVM's paravirtual end of interrupt; on by default where KVM has it." },
    hyperv: {
      type: 'object',
      additionalProperties: false,
      description: 'Hyper-V enlightenments, each of which the host must offer; false takes one out.',
      properties: {
        relaxed: { type: 'boolean', description: 'No watchdog time-outs because a vCPU had to wait.' },
        vapic: { type: 'boolean', description: 'Virtual APIC with paravirtual end of interrupt.' },
        spinlocks: {
          anyOf: [{ type: 'integer', minimum: 4095, maximum: 4294967295 }, { const: false }],
          description: 'Tries before the guest tells the hypervisor that it waits for a lock.',
        },
        vpindex: { type: 'boolean', description: "The vCPU's own number, which many of the others need." },
        runtime: { type: 'boolean', description: 'How long a vCPU ran, so that stolen time shows.' },
        synic: { type: 'boolean', description: 'Synthetic interrupt controller; needs vpindex.' },
        stimer: {
          type: 'boolean',
          description: 'Synthetic timers in place of HPET and RTC; need vpindex, synic and the timer hypervclock.',
        },
        stimer_direct: { type: 'boolean', description: 'Their expiry as an interrupt; needs stimer.' },
        reset: { type: 'boolean', description: 'Reset by the hypervisor.' },
        vendor_id: {
          anyOf: [{ type: 'string', pattern: '^[^,]{1,12}$' }, { const: false }],
          description: 'Another name of the hypervisor.',
        },
        frequencies: { type: 'boolean', description: 'Frequencies of TSC and APIC, so that nothing is measured.' },
        reenlightenment: {
          type: 'boolean',
          description: 'Word of a changed TSC for Hyper-V inside the guest; hinders migration.',
        },
        tlbflush: { type: 'boolean', description: 'TLB flushes by the hypervisor; needs vpindex.' },
        ipi: { type: 'boolean', description: 'Interrupts between vCPUs by the hypervisor; needs vpindex.' },
        evmcs: { type: 'boolean', description: 'For Hyper-V inside the guest on Intel; needs vapic.' },
        avic: { type: 'boolean', description: 'Keeps APICv or AVIC of the CPU in use with synic.' },
        emsr_bitmap: { type: 'boolean', description: 'For Hyper-V inside the guest.' },
        xmm_input: { type: 'boolean', description: 'Parameters of hypercalls in XMM registers.' },
      },
    },
  },
} as const;

/** JSON Schema of the clock of a domain. */
export const clockSchema = {
  type: 'object',
  additionalProperties: false,
  description: "The guest's clock.",
  properties: {
    offset: {
      enum: ['utc', 'localtime'],
      description: 'What the clock of the machine shows; Windows takes it for local time.',
    },
    timers: {
      type: 'object',
      additionalProperties: false,
      description: 'Timers; those that are not given stay.',
      properties: {
        rtc: {
          type: 'object',
          additionalProperties: false,
          required: ['tickpolicy'],
          description: 'The real-time clock.',
          properties: {
            tickpolicy: { enum: ['delay', 'catchup'], description: 'What becomes of ticks that are late.' },
          },
        },
        pit: {
          type: 'object',
          additionalProperties: false,
          required: ['tickpolicy'],
          description: 'The interval timer of the PC.',
          properties: {
            tickpolicy: { enum: ['delay', 'discard'], description: 'What becomes of ticks that are late.' },
          },
        },
        hpet: { ...present, description: 'The high-precision timer, which costs much when it is emulated.' },
        kvmclock: { ...present, description: "KVM's clock for Linux." },
        hypervclock: { ...present, description: "Hyper-V's clock for Windows." },
      },
    },
  },
} as const;
