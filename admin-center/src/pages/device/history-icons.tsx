import {
  ArrowRoutingRegular,
  ClipboardTaskRegular,
  DocumentArrowDownRegular,
  HistoryRegular,
  KeyRegular,
  LinkRegular,
  PersonRegular,
  PlugDisconnectedRegular,
  SlideSettingsRegular,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";
import type { HistoryGroup } from "./history-groups.ts";

/** A sign for each kind of event, beside its words. */
export const historyIcons: Readonly<Record<HistoryGroup, ReactNode>> = {
  activation: <KeyRegular />,
  "sign-in": <PersonRegular />,
  provisioning: <DocumentArrowDownRegular />,
  registration: <LinkRegular />,
  command: <ArrowRoutingRegular />,
  policy: <SlideSettingsRegular />,
  inventory: <ClipboardTaskRegular />,
  "off-boarding": <PlugDisconnectedRegular />,
  other: <HistoryRegular />,
};
