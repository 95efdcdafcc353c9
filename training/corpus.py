"""Package descriptions of a Debian machine: (package, short description, long description) triples.

Needs English descriptions in apt's lists: apt-get -o Acquire::Languages=en update
"""
import glob
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

WORK = Path(__file__).parent / "work"
LISTS = "/var/lib/apt/lists/*_main_*Translation-en*"
MINIMUM_WORDS = 12
HELD_OUT_PERCENT = 5


def read_lists(pattern=LISTS):
    for path in sorted(glob.glob(pattern)):
        text = subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", path], capture_output=True, check=True).stdout
        yield from text.decode("utf8", "replace").split("\n\n")


def parse(stanza):
    name = re.search(r"^Package: (.*)$", stanza, re.M)
    text = re.search(r"^Description-en: (.*?)$(.*)", stanza, re.M | re.S)
    if not name or not text:
        return None
    lines = (line.strip() for line in text.group(2).split("\n"))
    return name.group(1), text.group(1).strip(), " ".join(line for line in lines if line and line != ".")


def held_out(package):
    """Families of packages (same first six letters) stay together, so that no near-copy of a test text is trained on."""
    family = re.sub(r"^lib", "", package)[:6]
    return int(hashlib.sha256(family.encode()).hexdigest(), 16) % 100 < HELD_OUT_PERCENT


def load():
    """(training documents, held-out documents), each a list of (short, long); long texts are distinct."""
    triples = json.loads((WORK / "corpus.json").read_text())
    split = ([], [])
    for package, short, long in triples:
        split[held_out(package)].append((short, long))
    return split


def main():
    seen, triples = set(), []
    for triple in filter(None, map(parse, read_lists())):
        if triple[2] not in seen and len(triple[2].split()) >= MINIMUM_WORDS:
            seen.add(triple[2])
            triples.append(triple)
    if len(triples) < 20_000:
        sys.exit(f"only {len(triples)} descriptions; run: apt-get -o Acquire::Languages=en update")
    WORK.mkdir(exist_ok=True)
    (WORK / "corpus.json").write_text(json.dumps(triples))
    training, test = load()
    print(f"corpus: {len(training)} descriptions to train on, {len(test)} held out")


if __name__ == "__main__":
    main()
