import { Button } from "@fluentui/react-components";
import { DeleteRegular } from "@fluentui/react-icons";

/** Takes one entry out of a list of the rule. `label` says which. */
export function RemoveButton({
  label,
  onRemove,
}: {
  readonly label: string;
  readonly onRemove: () => void;
}) {
  return (
    <Button
      appearance="subtle"
      size="small"
      icon={<DeleteRegular />}
      aria-label={label}
      title={label}
      onClick={onRemove}
    />
  );
}
