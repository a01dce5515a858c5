"""The addresses of this machine, and which of them a phone in the same Wi-Fi can reach."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable

from msgspec import Struct

from cuecast.errors import SetupError

_VIRTUAL = re.compile(
    r"docker|br-|veth|virbr|vmnet|vmware|vbox|virtualbox|vethernet|hyper-v|wsl|lxc|lxd|cni|podman|flannel|cali|kube"
    r"|tun|tap|utun|wg|wireguard|ppp|ipsec|zt|zerotier|tailscale|nord|vpn|bridge|awdl|llw|gif|stf",
    re.IGNORECASE,
)
"""Beginnings of the names of interfaces to containers, virtual machines and VPNs."""

_WIRELESS = re.compile(r"wl|wi-?fi|wireless|airport", re.IGNORECASE)
_UNUSED_ADDRESS = ("192.0.2.1", 9)  # RFC 5737: for documentation. Connecting a datagram socket sends nothing


class Interface(Struct, frozen=True):
    """An IPv4 address of this machine and the name of its network interface."""

    name: str
    address: str


def reachable_first(interfaces: Iterable[Interface], default: str | None) -> list[Interface]:
    """Sort by how likely a phone in the same Wi-Fi reaches the address; `default` is the default route's.

    Loopback and link-local addresses are left out.
    """

    def rank(each: Interface) -> tuple[bool, bool, bool, bool]:
        address = ipaddress.IPv4Address(each.address)
        virtual = bool(_VIRTUAL.match(each.name)) or address in ipaddress.ip_network("100.64.0.0/10")
        return virtual, not address.is_private, each.address != default, not _WIRELESS.match(each.name)

    usable = [each for each in interfaces if not _is_local(each.address)]
    return sorted(usable, key=rank)


def find_interfaces() -> list[Interface]:
    """Return this machine's interfaces, the likeliest one first. Raises SetupError if there is none."""
    import ifaddr

    interfaces = [
        Interface(adapter.nice_name, str(each.ip))
        for adapter in ifaddr.get_adapters()
        for each in adapter.ips
        if each.is_IPv4
    ]
    sorted_interfaces = reachable_first(interfaces, _default_address())
    if not sorted_interfaces:
        raise SetupError("this machine is in no network that a phone could share", "join the Wi-Fi, or use --host")
    return sorted_interfaces


def _default_address() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_UNUSED_ADDRESS)
            return str(probe.getsockname()[0])
        except OSError:
            return None


def _is_local(text: str) -> bool:
    address = ipaddress.IPv4Address(text)
    return address.is_loopback or address.is_link_local or address.is_unspecified
