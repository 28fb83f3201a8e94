import { useRef } from "react";
import { call } from "../../api/call.ts";
import type { DeviceCommand, DeviceEvent, Registration } from "../../api/device-page-types.ts";
import type { Device, LiveEvent, Page } from "../../api/types.ts";
import { type Resource, useResource } from "../../live/use-resource.ts";

/** Registrations that run out, and those that are refreshed, are told by no event; and what failed is tried again. */
const askEveryMilliseconds = 15_000;
/** Events read at first, and so many more each time; the gateway keeps no more than `mostEvents`. */
const eventsAtOnce = 100;
const mostEvents = 500;

/** Everything the page of a device shows, kept current. */
export interface DeviceResources {
  readonly device: Resource<Device>;
  readonly registrations: Resource<Page<Registration>>;
  readonly history: Resource<Page<DeviceEvent>>;
  readonly commands: Resource<Page<DeviceCommand>>;
  /** Reads more of the history. */
  readonly readOlder: () => void;
  /** Reads all of it anew, after an action of this page. */
  readonly reload: () => void;
}

/** Reads a device with all that the gateway knows of it. @param macAddress in any usual form */
export function useDeviceResources(macAddress: string): DeviceResources {
  const encoded = encodeURIComponent(macAddress);
  const path = `/devices/${encoded}`;
  const wanted = useRef(eventsAtOnce);

  const device = useResource(path, (signal) => call<Device>(path, { signal }), {
    concerns: isOfDevice,
    everyMilliseconds: askEveryMilliseconds,
  });
  const known = device.data?.macAddress;
  function isOfDevice({ type, subject }: LiveEvent): boolean {
    return type === "device" && subject === known;
  }

  const registrationsPath = `/registrations?mac=${encoded}`;
  const registrations = useResource(
    registrationsPath,
    (signal) => call<Page<Registration>>(registrationsPath, { signal }),
    { concerns: isOfDevice, everyMilliseconds: askEveryMilliseconds },
  );

  const history = useResource(
    `${path}/events`,
    (signal) => call<Page<DeviceEvent>>(`${path}/events?limit=${wanted.current}`, { signal }),
    { concerns: isOfDevice, everyMilliseconds: askEveryMilliseconds },
  );

  const commands: Resource<Page<DeviceCommand>> = useResource(
    `${path}/commands`,
    (signal) => call<Page<DeviceCommand>>(`${path}/commands`, { signal }),
    // One that is new is not known yet by its id.
    {
      concerns: (event) =>
        isOfDevice(event) ||
        (event.type === "command" &&
          (event.change === "queued" ||
            commands.data?.items.some(({ commandId }) => commandId === event.subject) === true)),
      everyMilliseconds: askEveryMilliseconds,
    },
  );

  return {
    device,
    registrations,
    history,
    commands,
    readOlder: () => {
      wanted.current = Math.min(wanted.current + eventsAtOnce, mostEvents);
      history.reload();
    },
    reload: () => {
      for (const resource of [device, registrations, history, commands]) resource.reload();
    },
  };
}
