// Written by "npm run schemas" from the folders of src/modules.
import { apt } from './apt/apt.ts';
import { asyncStatus } from './async_status/async_status.ts';
import { authorizedKey } from './authorized_key/authorized_key.ts';
import { blockQueue } from './block_queue/block_queue.ts';
import { blockinfile } from './blockinfile/blockinfile.ts';
import { command } from './command/command.ts';
import { copy } from './copy/copy.ts';
import { cpuIsolation } from './cpu_isolation/cpu_isolation.ts';
import { cron } from './cron/cron.ts';
import { dnf } from './dnf/dnf.ts';
import { fetch } from './fetch/fetch.ts';
import { file } from './file/file.ts';
import { filesystem } from './filesystem/filesystem.ts';
import { find } from './find/find.ts';
import { fio } from './fio/fio.ts';
import { getUrl } from './get_url/get_url.ts';
import { git } from './git/git.ts';
import { group } from './group/group.ts';
import { hostTuning } from './host_tuning/host_tuning.ts';
import { hostname } from './hostname/hostname.ts';
import { hugepages } from './hugepages/hugepages.ts';
import { imageFetch } from './image_fetch/image_fetch.ts';
import { imageManifest } from './image_manifest/image_manifest.ts';
import { imagePeer } from './image_peer/image_peer.ts';
import { iniFile } from './ini_file/ini_file.ts';
import { irqAffinity } from './irq_affinity/irq_affinity.ts';
import { kernelCmdline } from './kernel_cmdline/kernel_cmdline.ts';
import { knownHosts } from './known_hosts/known_hosts.ts';
import { ksm } from './ksm/ksm.ts';
import { kvmNested } from './kvm_nested/kvm_nested.ts';
import { libvirtCdrom } from './libvirt_cdrom/libvirt_cdrom.ts';
import { libvirtConf } from './libvirt_conf/libvirt_conf.ts';
import { libvirtCpuPlan } from './libvirt_cpu_plan/libvirt_cpu_plan.ts';
import { libvirtDiskIo } from './libvirt_disk_io/libvirt_disk_io.ts';
import { libvirtDomain } from './libvirt_domain/libvirt_domain.ts';
import { libvirtGuests } from './libvirt_guests/libvirt_guests.ts';
import { libvirtMemoryBudget } from './libvirt_memory_budget/libvirt_memory_budget.ts';
import { libvirtRestart } from './libvirt_restart/libvirt_restart.ts';
import { libvirtUnusedFiles } from './libvirt_unused_files/libvirt_unused_files.ts';
import { lineinfile } from './lineinfile/lineinfile.ts';
import { lvmChunkProbe } from './lvm_chunk_probe/lvm_chunk_probe.ts';
import { lvmConf } from './lvm_conf/lvm_conf.ts';
import { lvmLogicalVolume } from './lvm_lv/lvm_lv.ts';
import { lvmThinPool } from './lvm_thin_pool/lvm_thin_pool.ts';
import { lvmVolumeGroup } from './lvm_vg/lvm_vg.ts';
import { modprobe } from './modprobe/modprobe.ts';
import type { AnyModule } from './module.ts';
import { mount } from './mount/mount.ts';
import { nfsExports } from './nfs_exports/nfs_exports.ts';
import { nfsMount } from './nfs_mount/nfs_mount.ts';
import { nfsThreads } from './nfs_threads/nfs_threads.ts';
import { packageModule } from './package/package.ts';
import { parted } from './parted/parted.ts';
import { qemuImage } from './qemu_image/qemu_image.ts';
import { reboot } from './reboot/reboot.ts';
import { replace } from './replace/replace.ts';
import { restoreDomain } from './restore_domain/restore_domain.ts';
import { restoreFile } from './restore_file/restore_file.ts';
import { script } from './script/script.ts';
import { service } from './service/service.ts';
import { shell } from './shell/shell.ts';
import { slurp } from './slurp/slurp.ts';
import { sriov } from './sriov/sriov.ts';
import { stat } from './stat/stat.ts';
import { sysctl } from './sysctl/sysctl.ts';
import { sysfs } from './sysfs/sysfs.ts';
import { systemd } from './systemd/systemd.ts';
import { systemdAllowedCpus } from './systemd_allowed_cpus/systemd_allowed_cpus.ts';
import { tempfile } from './tempfile/tempfile.ts';
import { template } from './template/template.ts';
import { timezone } from './timezone/timezone.ts';
import { tunedProfile } from './tuned_profile/tuned_profile.ts';
import { unarchive } from './unarchive/unarchive.ts';
import { uri } from './uri/uri.ts';
import { user } from './user/user.ts';
import { virtHostValidate } from './virt_host_validate/virt_host_validate.ts';
import { waitFor } from './wait_for/wait_for.ts';
import { xml } from './xml/xml.ts';

/** Every module that ships, in the order of their names. */
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
  restoreDomain,
  restoreFile,
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
