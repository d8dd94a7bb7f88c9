#!/usr/bin/env python3
"""Checks seed/schema.json with a JSON Schema validator of somebody else.

Every shipped seed must be valid. Of the broken seeds below Tests/SeedingTests/Broken, those named schema-*.json must be invalid, because the schema
can see what is wrong with them; those named semantic-*.json must be valid, because only the server can. (syntax-*.json are not JSON at all.)
Needs jsonschema 4 or later: Debian's python3-jsonschema.
"""
import json
import pathlib
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("SKIP: no JSON Schema validator is installed (Debian: apt-get install python3-jsonschema)")
    sys.exit(0)

root = pathlib.Path(__file__).resolve().parent.parent
schema = json.loads((root / "seed/schema.json").read_text())
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)

shipped = [path for path in sorted((root / "seed").rglob("*.json")) if path.name != "schema.json" and "keys" not in path.parent.parts]
broken = root / "Tests/SeedingTests/Broken"
cases = [(path, True) for path in shipped]
cases += [(path, False) for path in sorted(broken.glob("schema-*.json"))]
cases += [(path, True) for path in sorted(broken.glob("semantic-*.json"))]

passed = failed = 0
for path, is_valid in cases:
    errors = [f"{error.json_path}: {error.message[:120]}" for error in validator.iter_errors(json.loads(path.read_text()))]
    if (not errors) == is_valid:
        passed += 1
    else:
        failed += 1
        print(f"FAIL {path.relative_to(root)}: " + ("; ".join(errors[:3]) if is_valid else "the schema lets it pass"))
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not shipped or passed < 100 else 0)
