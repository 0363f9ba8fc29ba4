"""Which addresses may be asked: only http and https, and only machines on the open net unless the settings say otherwise."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit, urlunsplit

from ingest.fetching.faults import Fault, Unreachable

Address = IPv4Address | IPv6Address

# a translator or tunnel brings a packet for these to the IPv4 address within, from the bit named
CARRIERS = ((ip_network("64:ff9b::/96"), 0), (ip_network("::/96"), 0), (ip_network("2002::/16"), 80))
OWN = (ip_network("10.0.0.0/8"), ip_network("172.16.0.0/12"), ip_network("192.168.0.0/16"), ip_network("100.64.0.0/10"))
OWN_6 = ip_network("fc00::/7")


def checked(url: str) -> str:
    """The address in the form in which it is asked, without its fragment. Fault where it may never be."""
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    try:
        found = parse_url("".join(c for c in url.strip() if c.isprintable()))
        scheme, host, port = (found.scheme or "").lower(), found.host, found.port
    except (LocationParseError, ValueError) as error:
        raise Fault("adressen er ikke gyldig") from error
    if scheme not in ("http", "https"):
        raise Fault(f"bare adresser med http og https hentes, ikke med {scheme or 'noe annet'}")
    if not host or port == 0:
        raise Fault("adressen er ikke gyldig")
    if found.auth:
        raise Fault("adressen har brukernavn eller passord, og slike hentes ikke")
    netloc = host if port is None else f"{host}:{port}"
    return urlunsplit((scheme, netloc, found.path or "/", found.query or "", ""))


def origin(url: str) -> str:
    """Scheme, host and port: what a robots.txt holds for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def carried(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.teredo:
        return address.teredo[1]
    if int(address) > 1:  # :: and ::1 are addresses of their own
        for network, shift in CARRIERS:
            if address in network:
                return IPv4Address(int(address) >> shift & 0xFFFFFFFF)
    return address


def refusal(text: str, allow_private: bool) -> str:
    """Why the machine at an IP address may not be asked; empty where it may."""
    address = carried(ip_address(text.partition("%")[0]))
    if address.is_loopback or (address in OWN_6 if address.version == 6 else any(address in network for network in OWN)):
        if allow_private:
            return ""
        return f"adressen peker til et privat nett eller egen maskin ({text}); det krever fetch.allow_private i config.toml"
    never = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    return "" if address.is_global and not never else f"adressen peker til {text}, som ikke er på det åpne nettet"


def connect(host: str, port: int, timeout: float, allow_private: bool) -> socket.socket:
    """A connection to a machine that may be asked, among those that the name stands for now.

    The very address that was checked is connected to, so a name that means something else a moment later gains nothing.
    Raises Fault where none may be asked, Unreachable where none answers.
    """
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"finner ikke tjeneren {host}") from error
    refused = {sockaddr[0]: refusal(str(sockaddr[0]), allow_private) for *_, sockaddr in found}
    open_to_us = [entry for entry in found if not refused[entry[4][0]]]
    if not open_to_us:
        raise Fault(next(iter(refused.values()), "adressen er ikke gyldig"))
    for family, kind, protocol, _, sockaddr in open_to_us:
        try:
            sock = socket.socket(family, kind, protocol)
        except OSError:  # a family that this machine does not have
            continue
        try:
            sock.settimeout(timeout)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.connect(sockaddr)
            return sock
        except OSError:
            sock.close()
    raise Unreachable(f"får ikke kontakt med {host}")
