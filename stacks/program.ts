import * as pulumi from "@pulumi/pulumi";
import { runProfile } from "./profiles";

export = runProfile(pulumi.getStack());
