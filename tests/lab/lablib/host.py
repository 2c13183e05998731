# SPDX-License-Identifier: GPL-2.0
"""What the guest may ask of its host: the other end of labhost."""
import json
import os
import threading
import time

from . import hostlog, machine, qmp

UNPLUG_TIMEOUT = 60
RESET_TIMEOUT = 600

# What the host can be told to be like, by properties of the NIC.
TEMPER = ("switch-delay", "switch-fails", "switch-back-fails", "assoc-delay",
          "unique-ids", "link-coalesce", "link-doubled", "link-early",
          "always-connected", "freeze-loses",
          "rx-batch", "rx-whole", "tx-batch", "tx-align", "table-offset",
          "steering")
# And what the VF can be told to be like, if it is a mana.
VF_TEMPER = ("hwc-code", "hwc-delay", "hwc-fails", "hwc-silent")
# Of these, what is used up.
VF_COUNTED = ("hwc-fails", "hwc-silent")


def as_value(text):
    """A property's value, as QMP wants it."""
    if text in ("on", "off"):
        return text == "on"
    return int(text) if text.isdigit() else text


class Host:
    """Serves the control line, a JSON array of words at a time."""

    def __init__(self, sock, client, rundir, vf):
        self.file = sock.makefile("rw")
        self.qmp = client
        self.rundir = rundir
        self.vf = vf
        self.vf_temper = {}
        self.allowed_errors = 0
        self.log = hostlog.HostLog(rundir)
        client.watch = self.log.event
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        for line in self.file:
            try:
                words = json.loads(line)
                self.log.action(words)
                reply = {"ok": self._do(*words)}
            except (qmp.QMPError, ValueError, TypeError, KeyError) as error:
                reply = {"error": f"{type(error).__name__}: {error}"}
            self.file.write(json.dumps(reply) + "\n")
            self.file.flush()

    def _set(self, index, name, value):
        self.qmp.command("qom-set", path=f"/machine/peripheral/nic{index}",
                         property=name, value=value)

    def _get(self, index, name):
        return self.qmp.command("qom-get",
                                path=f"/machine/peripheral/nic{index}",
                                property=name)

    def counters(self, index=0):
        """The counters of a NIC."""
        return json.loads(self._get(index, "counters"))

    def protocol_errors(self, nics):
        """By the guest, in all. What is gone has left its log."""
        errors = 0
        for index in range(nics):
            for kind in ("nic", "vf"):
                path = f"{self.rundir}/{kind}{index}.jsonl"
                if not os.path.exists(path):
                    continue
                with open(path, encoding="utf-8") as log:
                    errors += sum('"ev":"error"' in line for line in log)
        return errors

    def _do(self, action, *words, nic=0):
        index = nic
        if words and words[0].startswith("nic") and words[0][3:].isdigit():
            index, words = int(words[0][3:]), words[1:]
        handler = getattr(self, "do_" + action.replace("-", "_"), None)
        if handler is None:
            raise ValueError(f"no action '{action}'")
        return handler(index, *words)

    def do_later(self, index, when, action, *words):
        """Do something else in so many seconds, or at the next reset: when the
        guest cannot ask for it."""
        def wait():
            if when == "reset":
                self.qmp.wait_event("RESET", None, RESET_TIMEOUT)
            else:
                time.sleep(float(when))
            self._do(action, *words, nic=index)

        self.qmp.forget("RESET")
        threading.Thread(target=wait, daemon=True).start()

    def do_power_button(self, _index):
        """Press it; a guest that sleeps wakes up, and nobody else looks."""
        self.qmp.command("system_powerdown")

    def _plug(self, index, slot, ports):
        slot = int(slot or machine.FIRST_SLOT + index)
        device = machine.vf(self.vf, index, slot, self.rundir, ports)
        temper = self.vf_temper.get(index, {})
        self.qmp.command("device_add", **device, **temper)
        for name in VF_COUNTED:
            temper.pop(name, None)

    def do_plug(self, index, slot=None):
        """Put the VF of a NIC into its slot, or into another one. The guest
        calls a slot by its number: there is none for a serial that is no
        number of a slot of ours."""
        self._plug(index, slot, 1)

    def do_plug_two(self, index, slot=None):
        """The same with a port for the next NIC, too."""
        self._plug(index, slot, 2)

    def do_unplug(self, index):
        """Press the attention button, and wait until the VF is out."""
        self.qmp.command("device_del", id=f"vf{index}")
        self.do_gone(index)

    def do_gone(self, index):
        """Wait until the VF is out."""
        self.qmp.wait_event("DEVICE_DELETED", f"vf{index}", UNPLUG_TIMEOUT)

    def do_nic_add(self, index, version="6.1"):
        """Add the NIC again, as it was at the start or of an older host."""
        self.qmp.command("device_add", version=version,
                         **machine.hv_nic(index, self.rundir))

    def do_nic_remove(self, index):
        """Remove the NIC, and wait until the guest has let go of it."""
        self.qmp.command("device_del", id=f"nic{index}")
        self.qmp.wait_event("DEVICE_DELETED", f"nic{index}", UNPLUG_TIMEOUT)

    def do_offer(self, index, serial=None):
        """Announce the VF, by the serial of its slot or by another one."""
        self._set(index, "announced-serial",
                  int(serial or machine.FIRST_SLOT + index))
        self._set(index, "association", True)

    def do_revoke(self, index, how="plain"):
        """Take the announcement back; hard: and the data path before."""
        self._set(index, "revoke", how)

    def do_switch_delay(self, index, ms):
        """So long is a switch of the data path on its way."""
        self._set(index, "switch-delay", int(ms))

    def do_switch_fails(self, index, count, way=None):
        """So many switches to the VF, or back, move nothing."""
        self._set(index, {None: "switch-fails",
                          "back": "switch-back-fails"}[way], int(count))

    def do_freeze(self, index, seconds, how=None):
        """Stand still; with "lose", what is sent meanwhile gets lost."""
        self._set(index, "freeze-loses",
                  {None: False, "lose": True}[how])
        self._set(index, "freeze", round(1000 * float(seconds)))

    def do_temper(self, index, name=None, value=None):
        """Be as told: on, off, a number or a word. Or say how it is."""
        if name is None:
            return {each: self._get(index, each) for each in TEMPER}
        if name not in TEMPER:
            raise ValueError(f"no temper '{name}'")
        self._set(index, name, as_value(value))
        return None

    def do_link(self, index, state):
        """up or down."""
        self._set(index, "link-up", {"up": True, "down": False}[state])

    def do_vf_link(self, index, state):
        """The VF's carrier: up or down."""
        self.qmp.command("set_link", name=f"vf{index}",
                         up={"up": True, "down": False}[state])

    def _set_vf(self, index, name, value):
        self.qmp.command("qom-set", path=f"/machine/peripheral/vf{index}",
                         property=name, value=value)

    def do_vf_temper(self, index, name, value):
        """Be as told, now and whenever the VF is plugged again; what is used up
        is for the VF that there is, or else for the next one."""
        if name not in VF_TEMPER:
            raise ValueError(f"no temper '{name}'")
        there = any(child["name"] == f"vf{index}" for child in
                    self.qmp.command("qom-list", path="/machine/peripheral"))
        if there:
            self._set_vf(index, name, int(value, 0))
        if not there or name not in VF_COUNTED:
            self.vf_temper.setdefault(index, {})[name] = int(value, 0)

    def do_vf_reset(self, index):
        """The VF's service is reset: its driver is asked to start anew."""
        self._set_vf(index, "service-reset", True)

    def do_vf_stall(self, index, ms):
        """The VF has frames to send, and sends none for so long."""
        self._set_vf(index, "tx-stall", int(ms))

    def do_vf_counters(self, index):
        """The counters of the VF."""
        return json.loads(self.qmp.command(
            "qom-get", path=f"/machine/peripheral/vf{index}",
            property="counters"))

    def do_data_path(self, index, path):
        """synthetic: the host takes the path back."""
        self._set(index, "data-path", path)

    def do_script(self, index, text):
        """Rules, as JSON; without an argument: their state."""
        self._set(index, "script", text)

    def do_rules(self, index):
        """What the rules have done."""
        return json.loads(self._get(index, "script"))

    def do_release(self, index, name="all"):
        """Let what a rule holds go."""
        self._set(index, "release", name)

    def do_counters(self, index):
        """The counters of a NIC."""
        return self.counters(index)

    def do_clock(self, _index, _padding=None):
        """The clock of the event logs, in ns."""
        return time.monotonic_ns()

    def do_expect_errors(self, _index, count):
        """This many protocol errors of the guest are not a failure."""
        self.allowed_errors = int(count)

    def do_events(self, index):
        """The last lines of the event log."""
        with open(f"{self.rundir}/nic{index}.jsonl",
                  encoding="utf-8") as log:
            return [json.loads(line) for line in log.readlines()[-100:]]
