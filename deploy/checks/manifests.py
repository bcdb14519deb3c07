"""Checks Kubernetes manifests: manifests.py NAME FILE, run in the project's folder.

The schemas of Kubernetes' own kinds come with kubernetes-validate, those of custom resources from schemas/. A kind
without a schema is a fault. Beyond the schemas it checks what fits together: selectors, secrets, ports, environment.
"""

import json
import re
import sys
from pathlib import Path

import jsonschema
import kubernetes_validate
import yaml

# The oldest and the newest that deploy/kubernetes/README.md names.
KUBERNETES = ("1.30", "1.37")
SECRET_EXAMPLE = Path("deploy/kubernetes/secret.example.yaml")
HEALTH_PATHS = {"/health/liveness", "/health/readiness"}
FREE_ENVIRONMENT = {"FRESHET_HTTP_HOST", "FRESHET_HTTP_PORT"}


def strict(schema):
    """The same schema, refusing fields that it does not name, as `kubectl apply` does."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: strict(value) for key, value in schema.items()}
    if (
        isinstance(schema.get("properties"), dict)
        and "additionalProperties" not in schema
        and not schema.get("x-kubernetes-preserve-unknown-fields")
    ):
        result["additionalProperties"] = False
    return result


def custom_schema(resource):
    name = f"{resource['apiVersion'].replace('/', '-')}-{resource['kind']}.json"
    path = Path(__file__).parent / "schemas" / name
    if not path.is_file():
        return None
    schema = strict(json.loads(path.read_text()))
    schema["properties"]["metadata"] = {"type": "object"}
    return schema


def schema_faults(resource):
    schema = custom_schema(resource)
    if schema is not None:
        for error in jsonschema.Draft7Validator(schema).iter_errors(resource):
            yield f"{error.json_path}: {error.message}"
        return
    for version in KUBERNETES:
        try:
            kubernetes_validate.validate(resource, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            place = ".".join(str(part) for part in error.path)
            yield f"{place}: {error.message} (Kubernetes {version})"
            return
        except kubernetes_validate.SchemaNotFoundError:
            yield (
                f"there is no kind {resource['kind']} in {resource['apiVersion']} of Kubernetes {version}, and no schema"
                " of it in deploy/checks/schemas: correct the name, or add the schema by deploy/checks/extract_schemas.py"
            )
            return


def labels_match(selector, labels):
    wanted = (selector or {}).get("matchLabels") or {}
    return bool(wanted) and wanted.items() <= (labels or {}).items()


def selector_faults(resources, pod_labels):
    services = [resource for resource in resources if resource["kind"] == "Service"]
    for resource in resources:
        kind, spec = resource["kind"], resource.get("spec", {})
        if kind == "Service" and not labels_match({"matchLabels": spec.get("selector")}, pod_labels):
            yield kind, "spec.selector does not select the pods"
        if kind == "PodDisruptionBudget" and not labels_match(spec.get("selector"), pod_labels):
            yield kind, "spec.selector does not select the pods"
        if kind == "NetworkPolicy" and not labels_match(spec.get("podSelector"), pod_labels):
            yield kind, "spec.podSelector does not select the pods"
        if kind == "ServiceMonitor":
            names = {port["name"] for service in services for port in service["spec"]["ports"]}
            if not any(labels_match(spec.get("selector"), each["metadata"].get("labels")) for each in services):
                yield kind, "spec.selector does not select the Service"
            for endpoint in spec["endpoints"]:
                if endpoint.get("port") not in names:
                    yield kind, f"the Service has no port {endpoint.get('port')}: use one of {sorted(names)}"
                if endpoint.get("path") != "/prometheus":
                    yield kind, f"path is {endpoint.get('path')}: Freshet's metrics are at /prometheus"


def secret_references(node):
    """Every {name, key} below a field that refers to a key of a Secret."""
    if isinstance(node, list):
        for item in node:
            yield from secret_references(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("secretKeyRef", "credentials"):
                yield value["name"], value["key"]
            elif key == "secretTargetRef":
                yield from ((item["name"], item["key"]) for item in value)
            else:
                yield from secret_references(value)


def secret_faults(resources):
    example = yaml.safe_load(SECRET_EXAMPLE.read_text())
    known = {(example["metadata"]["name"], key) for key in example["stringData"]}
    for resource in resources:
        for name, key in secret_references(resource):
            if (name, key) not in known:
                yield resource["kind"], f"the Secret {name} has no key {key} in {SECRET_EXAMPLE}: add it there"


def documented_environment():
    text = Path("docs/configuration.md").read_text()
    names = {key.upper().translate(str.maketrans(".-", "__")) for key in re.findall(r"`(freshet\.[a-z0-9.-]+)`", text)}
    return names | FREE_ENVIRONMENT


def pod_faults(workload, config_maps):
    kind, pod = workload["kind"], workload["spec"]["template"]["spec"]
    claims = {claim["metadata"]["name"] for claim in workload["spec"].get("volumeClaimTemplates", [])}
    volumes = {volume["name"] for volume in pod.get("volumes", [])}
    if claims & volumes:
        yield kind, f"{sorted(claims & volumes)} is both a volume and a claim: remove the volume"
    for volume in pod.get("volumes", []):
        if "configMap" in volume and volume["configMap"]["name"] not in config_maps:
            yield kind, f"there is no ConfigMap {volume['configMap']['name']}"
    for container in pod["containers"]:
        ports = {port.get("name") for port in container.get("ports", [])}
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes | claims:
                yield kind, f"{mount['mountPath']} mounts {mount['name']}, and there is no such volume"
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            get = container.get(probe, {}).get("httpGet", {})
            if get.get("path") not in HEALTH_PATHS or get.get("port") not in ports:
                yield kind, f"{probe} must ask one of {sorted(HEALTH_PATHS)} at one of the ports {sorted(ports)}"
        for variable in container.get("env", []):
            name = variable["name"]
            if name.startswith("FRESHET_") and name not in documented_environment():
                yield kind, f"docs/configuration.md has no key for {name}, and Freshet would not start"


def all_faults(resources):
    for resource in resources:
        for fault in schema_faults(resource):
            yield resource["kind"], fault
    workloads = [resource for resource in resources if resource["kind"] in ("Deployment", "StatefulSet")]
    config_maps = {resource["metadata"]["name"] for resource in resources if resource["kind"] == "ConfigMap"}
    for workload in workloads:
        yield from pod_faults(workload, config_maps)
        yield from selector_faults(resources, workload["spec"]["template"]["metadata"].get("labels"))
    yield from secret_faults(resources)


def main(name, file):
    resources = [resource for resource in yaml.safe_load_all(Path(file).read_text()) if resource]
    faults = list(dict.fromkeys(all_faults(resources)))
    for kind, fault in faults:
        print(f"{name}: {kind}: {fault}")
    sys.exit(1 if faults or not resources else 0)


main(*sys.argv[1:])
