/** A Slurm of its own for a test: a controller and nodes on this host, of which nothing is left afterwards. */

/** A Slurm that runs. */
export interface PrivateSlurm {
  /** What its commands need in the environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends the daemon of a node and whatever runs on it, as a power cut would, and lets the controller know. */
  failNode(name: string): Promise<void>;
  /** Ends everything. */
  stop(): Promise<void>;
}

const programs = ["munged", "mungekey", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol"];

/** The programs that are missing here. */
export async function missingPrograms(): Promise<string[]> {
  const found = await Promise.all(programs.map(async (name) => (await sh(`command -v ${name}`)).success));
  return programs.filter((_, index) => !found[index]);
}

/** Starts a Slurm with nodes of one processor. `folder` holds its configuration, state and logs. */
export async function startSlurm(folder: string, nodes: readonly string[]): Promise<PrivateSlurm> {
  await sh(
    `mkdir -p ${folder}/state ${folder}/bin ${nodes.map((name) => `${folder}/spool-${name}`).join(" ")}`,
  );
  await sh(`chmod 755 ${folder}`);
  await Deno.writeTextFile(`${folder}/slurm.conf`, await configuration(folder, nodes));
  const environment = await environmentOf(folder);
  const daemons = new Map<string, Deno.ChildProcess>();
  const start = (name: string, program: string, ...args: string[]): void => {
    const options = { args, env: environment, stdin: "null", stdout: "null", stderr: "null" } as const;
    daemons.set(name, new Deno.Command(program, options).spawn());
  };
  const end = async (name: string, signal: Deno.Signal): Promise<void> => {
    const daemon = daemons.get(name);
    daemons.delete(name);
    try {
      daemon?.kill(signal);
    } catch {
      // It has ended by itself.
    }
    await daemon?.status;
  };
  await sh(`mungekey --create --keyfile ${folder}/munge.key`);
  start("munged", "munged", "-F", "--force", ...mungeFiles(folder));
  await until(() => exists(`${folder}/munge.socket`));
  start("controller", "slurmctld", "-D");
  for (const name of nodes) start(name, "slurmd", "-D", "-N", name);
  await until(async () => {
    const { text } = await sh("sinfo -h -N -o '%N %t'", environment);
    return nodes.every((name) => text.includes(`${name} idle`));
  });
  return {
    environment,
    async failNode(name): Promise<void> {
      await end(name, "SIGKILL");
      await killOnNode(name, folder);
      await sh(`scontrol update nodename=${name} state=down reason=test`, environment);
    },
    async stop(): Promise<void> {
      await sh("scancel --user $(id -un)", environment);
      for (const name of [...daemons.keys()].toReversed()) await end(name, "SIGTERM");
      for (const name of nodes) await killOnNode(name, folder);
    },
  };
}

function mungeFiles(folder: string): string[] {
  return [
    `--key-file=${folder}/munge.key`,
    `--socket=${folder}/munge.socket`,
    `--pid-file=${folder}/munge.pid`,
    `--log-file=${folder}/munge.log`,
    `--seed-file=${folder}/munge.seed`,
  ];
}

async function configuration(folder: string, nodes: readonly string[]): Promise<string> {
  const host = (await sh("hostname -s")).text.trim();
  const user = (await sh("id -un")).text.trim();
  const [controllerPort, ...nodePorts] = freePorts(nodes.length + 1);
  const nodeLines = nodes.map((name, index) =>
    `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${
      nodePorts[index]
    } CPUs=1 RealMemory=6000 State=UNKNOWN`
  );
  return `ClusterName=private
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmUser=${user}
SlurmdUser=${user}
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket
CredType=cred/munge
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool-%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd-%n.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
MinJobAge=3600
KillWait=5
SlurmdTimeout=300
${nodeLines.join("\n")}
PartitionName=main Nodes=${nodes.join(",")} Default=YES MaxTime=INFINITE State=UP
`;
}

/** Jobs start `srun` without SLURM_CONF, so the one on their PATH says where it is. */
async function environmentOf(folder: string): Promise<Record<string, string>> {
  const real = (await sh("command -v srun")).text.trim();
  const wrapper = `#!/bin/sh\nexport SLURM_CONF=${folder}/slurm.conf\nexec ${real} "$@"\n`;
  await Deno.writeTextFile(`${folder}/bin/srun`, wrapper, { mode: 0o755 });
  return {
    SLURM_CONF: `${folder}/slurm.conf`,
    PATH: `${folder}/bin:${Deno.env.get("PATH")}:/usr/sbin:/sbin`,
  };
}

function freePorts(count: number): number[] {
  const listeners = Array.from({ length: count }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const ports = listeners.map(({ addr }) => (addr as Deno.NetAddr).port);
  listeners.forEach((listener) => listener.close());
  return ports;
}

/** Kills what runs on a node of the Slurm in `folder`, and nothing else. */
async function killOnNode(name: string, folder: string): Promise<void> {
  for (const { pid, environment } of await processes()) {
    const isOurs = environment.includes(`SLURMD_NODENAME=${name}\0`) && environment.includes(folder);
    if (isOurs) kill(pid);
  }
}

/** A process of this machine that may be looked at. */
export interface Process {
  readonly pid: number;
  /** The words of its command line, each ended by a zero. */
  readonly command: string;
  /** Its environment, each variable ended by a zero. */
  readonly environment: string;
}

/** The processes of this machine that may be looked at. */
export async function processes(): Promise<Process[]> {
  const found: Process[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const command = await Deno.readTextFile(`/proc/${name}/cmdline`);
      found.push({
        pid: Number(name),
        command,
        environment: await Deno.readTextFile(`/proc/${name}/environ`),
      });
    } catch {
      // It has ended, or is somebody else's.
    }
  }
  return found;
}

/** Kills a process, if it is still there. */
export function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Runs a line of shell. */
export async function sh(
  line: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ success: boolean; text: string }> {
  const PATH = env.PATH ?? `${Deno.env.get("PATH")}:/usr/sbin:/sbin`;
  const command = new Deno.Command("sh", { args: ["-c", line], env: { ...env, PATH }, stdin: "null" });
  const { success, stdout } = await command.output();
  return { success, text: new TextDecoder().decode(stdout) };
}

/** Waits until something is so, a minute or `seconds` at most. */
export async function until(isSo: () => Promise<boolean>, seconds = 60): Promise<void> {
  for (const end = Date.now() + 1000 * seconds; Date.now() < end;) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`Cannot go on as what was waited for must come in ${seconds} s: it did not`);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
