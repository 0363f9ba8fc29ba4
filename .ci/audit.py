"""python .ci/audit.py PIP_AUDIT SITE_PACKAGES: known weaknesses of what is installed.

Exits with 0 where none is known, 1 where some are, and 3 where nobody could be asked: that nothing was heard is not that all is well.
"""

import json
import subprocess
import sys

SERVICES = ("pypi", "osv")
UNREACHED = 3


def main(tool: str, packages: str) -> int:
    for service in SERVICES:
        command = [tool, "--path", packages, "--vulnerability-service", service, "--format", "json", "--progress-spinner", "off"]
        done = subprocess.run([*command, "--timeout", "20"], capture_output=True, text=True, check=False)
        try:
            found = json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError, TypeError):
            continue  # it gives no JSON where the service can't be reached
        if any("skip_reason" not in one for one in found):  # else it answered, and knew none of them: a mirror
            return told(found)
    print("Ingen oversikt over kjente svakheter kunne nås, så ingenting er sjekket; prøv igjen med nett.", file=sys.stderr)
    return UNREACHED


def told(found: list[dict]) -> int:
    weak = [one for one in found if one.get("vulns")]
    unknown = [one["name"] for one in found if "skip_reason" in one]
    for one in weak:
        for fault in one["vulns"]:
            fixed = ", ".join(fault.get("fix_versions", [])) or "ingen rettet utgave ennå"
            print(f"{one['name']} {one['version']}: {fault['id']} (rettet i: {fixed})")
    print(f"{len(found) - len(unknown)} pakker sjekket, {len(weak)} med kjente svakheter.", end=" ")
    print(f"Ukjent for oversikten: {', '.join(unknown)}." if unknown else "")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
