"""
Runs a Pulumi program in Python under the engine, as an inline program of the Automation API: the SDK itself is the language
host then, so that none need be installed. Usage: preview.py FOLDER STACK; the engine is the `pulumi` on PATH.
"""

import json
import os
import runpy
import sys

from pulumi import automation

folder, stack = sys.argv[1:]
os.chdir(folder)
selected = automation.create_or_select_stack(
    stack,
    project_name=automation.LocalWorkspace(work_dir=folder).project_settings().name,
    program=lambda: runpy.run_path("__main__.py"),
    opts=automation.LocalWorkspaceOptions(work_dir=folder),
)
events = []
try:
    selected.preview(on_event=events.append)
except automation.CommandError as error:
    sys.exit(str(error))
steps = [event.resource_pre_event.metadata for event in events if event.resource_pre_event]
print(json.dumps([{"type": step.type, "urn": step.urn, "inputs": step.new.inputs} for step in steps]))
