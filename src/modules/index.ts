import { apt } from './apt.ts';
import { asyncStatus } from './async_status.ts';
import { authorizedKey } from './authorized_key.ts';
import { blockQueue } from './block_queue.ts';
import { blockinfile } from './blockinfile.ts';
import { command } from './command.ts';
import { copy } from './copy.ts';
import { cpuIsolation } from './cpu_isolation.ts';
import { cron } from './cron.ts';
import { dnf } from './dnf.ts';
import { fetch } from './fetch.ts';
import { file } from './file.ts';
import { filesystem } from './filesystem.ts';
import { find } from './find.ts';
import { fio } from './fio.ts';
import { getUrl } from './get_url.ts';
import { git } from './git.ts';
import { group } from './group.ts';
import { hostTuning } from './host_tuning.ts';
import { hostname } from './hostname.ts';
import { hugepages } from './hugepages.ts';
import { imageFetch } from './image_fetch.ts';
import { imageManifest } from './image_manifest.ts';
import { imagePeer } from './image_peer.ts';
import { iniFile } from './ini_file.ts';
import { irqAffinity } from './irq_affinity.ts';
import { kernelCmdline } from './kernel_cmdline.ts';
import { knownHosts } from './known_hosts.ts';
import { ksm } from './ksm.ts';
import { kvmNested } from './kvm_nested.ts';
import { libvirtCdrom } from './libvirt_cdrom.ts';
import { libvirtConf } from './libvirt_conf.ts';
import { libvirtCpuPlan } from './libvirt_cpu_plan.ts';
import { libvirtDiskIo } from './libvirt_disk_io.ts';
import { libvirtDomain } from './libvirt_domain.ts';
import { libvirtGuests } from './libvirt_guests.ts';
import { libvirtMemoryBudget } from './libvirt_memory_budget.ts';
import { libvirtRestart } from './libvirt_restart.ts';
import { libvirtUnusedFiles } from './libvirt_unused_files.ts';
import { lineinfile } from './lineinfile.ts';
import { lvmChunkProbe } from './lvm_chunk_probe.ts';
import { lvmConf } from './lvm_conf.ts';
import { lvmLogicalVolume } from './lvm_lv.ts';
import { lvmThinPool } from './lvm_thin_pool.ts';
import { lvmVolumeGroup } from './lvm_vg.ts';
import { modprobe } from './modprobe.ts';
import type { AnyModule } from './module.ts';
import { mount } from './mount.ts';
import { nfsExports } from './nfs_exports.ts';
import { nfsMount } from './nfs_mount.ts';
import { nfsThreads } from './nfs_threads.ts';
import { packageModule } from './package.ts';
import { parted } from './parted.ts';
import { qemuImage } from './qemu_image.ts';
import { reboot } from './reboot.ts';
import { replace } from './replace.ts';
import { script } from './script.ts';
import { service } from './service.ts';
import { shell } from './shell.ts';
import { slurp } from './slurp.ts';
import { sriov } from './sriov.ts';
import { stat } from './stat.ts';
import { sysctl } from './sysctl.ts';
import { sysfs } from './sysfs.ts';
import { systemd } from './systemd.ts';
import { systemdAllowedCpus } from './systemd_allowed_cpus.ts';
import { tempfile } from './tempfile.ts';
import { template } from './template.ts';
import { timezone } from './timezone.ts';
import { tunedProfile } from './tuned_profile.ts';
import { unarchive } from './unarchive.ts';
import { uri } from './uri.ts';
import { user } from './user.ts';
import { virtHostValidate } from './virt_host_validate.ts';
import { waitFor } from './wait_for.ts';
import { xml } from './xml.ts';

/** Every module that ships, by name. */
export const modules: readonly AnyModule[] = [
  apt,
  asyncStatus,
  authorizedKey,
  blockQueue,
  blockinfile,
  command,
  copy,
  cpuIsolation,
  cron,
  dnf,
  fetch,
  file,
  filesystem,
  find,
  fio,
  getUrl,
  git,
  group,
  hostTuning,
  hostname,
  hugepages,
  imageFetch,
  imageManifest,
  imagePeer,
  iniFile,
  irqAffinity,
  kernelCmdline,
  knownHosts,
  ksm,
  kvmNested,
  libvirtCdrom,
  libvirtConf,
  libvirtCpuPlan,
  libvirtDiskIo,
  libvirtDomain,
  libvirtGuests,
  libvirtMemoryBudget,
  libvirtRestart,
  libvirtUnusedFiles,
  lineinfile,
  lvmChunkProbe,
  lvmConf,
  lvmLogicalVolume,
  lvmThinPool,
  lvmVolumeGroup,
  modprobe,
  mount,
  nfsExports,
  nfsMount,
  nfsThreads,
  packageModule,
  parted,
  qemuImage,
  reboot,
  replace,
  script,
  service,
  shell,
  slurp,
  sriov,
  stat,
  sysctl,
  sysfs,
  systemd,
  systemdAllowedCpus,
  tempfile,
  template,
  timezone,
  tunedProfile,
  unarchive,
  uri,
  user,
  virtHostValidate,
  waitFor,
  xml,
];
