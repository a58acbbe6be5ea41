import * as pulumi from "@pulumi/pulumi";
import { getEnv, hasType, withVersion } from "./utilities.ts";

const secretOutputs = [
  "clientCertificate",
  "clientCertificatePassword",
  "clientSecret",
  "oidcToken",
  "personalAccessToken",
];

/** The way into one organization: its address, and who signs in. What is not given comes from the environment. */
export class Provider extends pulumi.ProviderResource {
  /** The package's name. */
  static readonly __pulumiType = "azuredevops";

  declare readonly clientCertificate: pulumi.Output<string | undefined>;
  declare readonly clientCertificatePassword: pulumi.Output<string | undefined>;
  declare readonly clientCertificatePath: pulumi.Output<string | undefined>;
  declare readonly clientId: pulumi.Output<string | undefined>;
  declare readonly clientIdFilePath: pulumi.Output<string | undefined>;
  declare readonly clientSecret: pulumi.Output<string | undefined>;
  declare readonly clientSecretPath: pulumi.Output<string | undefined>;
  declare readonly oidcAzureServiceConnectionId: pulumi.Output<string | undefined>;
  declare readonly oidcRequestToken: pulumi.Output<string | undefined>;
  declare readonly oidcRequestUrl: pulumi.Output<string | undefined>;
  declare readonly oidcToken: pulumi.Output<string | undefined>;
  declare readonly oidcTokenFilePath: pulumi.Output<string | undefined>;
  declare readonly orgServiceUrl: pulumi.Output<string | undefined>;
  declare readonly personalAccessToken: pulumi.Output<string | undefined>;
  declare readonly tenantId: pulumi.Output<string | undefined>;

  constructor(name: string, args: ProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    const secret = (value: pulumi.Input<string | undefined>) => (value ? pulumi.secret(value) : undefined);
    // The engine takes a provider's settings as strings only: what is none travels as JSON.
    const json = (value: pulumi.Input<boolean | pulumi.Input<string>[] | undefined>) =>
      pulumi.output(value).apply((known): string | undefined => JSON.stringify(known));
    const inputs: pulumi.Inputs = {
      auxiliaryTenantIds: json(args.auxiliaryTenantIds),
      clientCertificate: secret(args.clientCertificate),
      clientCertificatePassword: secret(args.clientCertificatePassword),
      clientCertificatePath: args.clientCertificatePath,
      clientId: args.clientId,
      clientIdFilePath: args.clientIdFilePath,
      clientSecret: secret(args.clientSecret),
      clientSecretPath: args.clientSecretPath,
      oidcAzureServiceConnectionId: args.oidcAzureServiceConnectionId,
      oidcRequestToken: args.oidcRequestToken,
      oidcRequestUrl: args.oidcRequestUrl,
      oidcToken: secret(args.oidcToken),
      oidcTokenFilePath: args.oidcTokenFilePath,
      orgServiceUrl: args.orgServiceUrl ?? getEnv("AZDO_ORG_SERVICE_URL"),
      personalAccessToken: secret(args.personalAccessToken),
      tenantId: args.tenantId,
      useCli: json(args.useCli),
      useMsi: json(args.useMsi),
      useOidc: json(args.useOidc),
    };
    const secrets: pulumi.CustomResourceOptions = { additionalSecretOutputs: secretOutputs };
    super(Provider.__pulumiType, name, inputs, pulumi.mergeOptions(withVersion(opts), secrets));
  }

  /** Whether the object is this package's provider, even one of another copy of it. */
  static override isInstance(obj: unknown): obj is Provider {
    return hasType(obj, `pulumi:providers:${Provider.__pulumiType}`);
  }
}

/** Which organization, and who signs in. */
export interface ProviderArgs {
  auxiliaryTenantIds?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** A certificate to sign in with, Base64. Kept secret. */
  clientCertificate?: pulumi.Input<string | undefined>;
  /** Kept secret. */
  clientCertificatePassword?: pulumi.Input<string | undefined>;
  clientCertificatePath?: pulumi.Input<string | undefined>;
  clientId?: pulumi.Input<string | undefined>;
  clientIdFilePath?: pulumi.Input<string | undefined>;
  /** Kept secret. */
  clientSecret?: pulumi.Input<string | undefined>;
  clientSecretPath?: pulumi.Input<string | undefined>;
  oidcAzureServiceConnectionId?: pulumi.Input<string | undefined>;
  oidcRequestToken?: pulumi.Input<string | undefined>;
  oidcRequestUrl?: pulumi.Input<string | undefined>;
  /** Kept secret. */
  oidcToken?: pulumi.Input<string | undefined>;
  oidcTokenFilePath?: pulumi.Input<string | undefined>;
  /** e.g. `https://dev.azure.com/contoso`. Default: AZDO_ORG_SERVICE_URL. */
  orgServiceUrl?: pulumi.Input<string | undefined>;
  /** Wins over every other way to sign in. Kept secret. */
  personalAccessToken?: pulumi.Input<string | undefined>;
  tenantId?: pulumi.Input<string | undefined>;
  /** Default: true. */
  useCli?: pulumi.Input<boolean | undefined>;
  /** Default: false. */
  useMsi?: pulumi.Input<boolean | undefined>;
  /** Default: false. */
  useOidc?: pulumi.Input<boolean | undefined>;
}
