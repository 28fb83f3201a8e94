import type {
  PhoneAnswer,
  PhoneConfiguration,
  PhoneDirectory,
  PhoneRequest,
  PhoneRequestOutcome,
} from "../../provisioning-http/phone-directory.ts";

/** A configuration in which every value is told apart from the others. */
export const sampleConfiguration: PhoneConfiguration = {
  account: {
    user: "+4989123456",
    domain: "contoso.example",
    authenticationName: "line-7f3a",
    password: "Pa55-word",
    displayName: "Lobby & <Reception>",
    label: "Lobby +49 89 123456",
  },
  registrar: { host: "192.0.2.10", port: 5060 },
  outboundProxy: { host: "192.0.2.11", port: 5062 },
  transport: "tcp",
  registrationExpiresSeconds: 1800,
  language: "de",
  time: { ntpServer: "ntp.example", utcOffsetSeconds: 3600 },
  nextProvisioningUrl: "http://192.0.2.10:8080/emea/lang_de/device/n3xt-s3cret/",
  resyncSeconds: 7200,
  voicemailNumber: "*97",
  messageWaiting: true,
  screenTitle: "Contoso",
  screen: { url: "http://192.0.2.10:8080/device/n3xt-s3cret/screen/", keyLabel: "Sign out" },
  configurationVersion: "41",
};

/** A directory in memory that gives everybody one answer and keeps what it was asked and told. */
export class RecordingDirectory implements PhoneDirectory {
  readonly asked: PhoneRequest[] = [];
  readonly recorded: { readonly request: PhoneRequest; readonly outcome: PhoneRequestOutcome }[] =
    [];
  #answer: () => PhoneAnswer = () => ({
    outcome: "configuration",
    configuration: sampleConfiguration,
  });

  /** Changes what is answered from now on; `answer` may throw. */
  willAnswer(answer: () => PhoneAnswer): void {
    this.#answer = answer;
  }

  async answer(request: PhoneRequest): Promise<PhoneAnswer> {
    this.asked.push(request);
    return this.#answer();
  }

  async record(request: PhoneRequest, outcome: PhoneRequestOutcome): Promise<void> {
    this.recorded.push({ request, outcome });
  }
}
