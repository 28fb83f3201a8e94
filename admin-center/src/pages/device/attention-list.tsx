import { MessageBar, MessageBarBody } from "@fluentui/react-components";
import type { Device } from "../../api/types.ts";

/** What an administrator should look at, the gravest first. */
export function AttentionList({ attention }: Pick<Device, "attention">) {
  return attention.map(({ code, text }) => (
    <MessageBar key={code} intent="warning" layout="multiline">
      <MessageBarBody>{text}</MessageBarBody>
    </MessageBar>
  ));
}
