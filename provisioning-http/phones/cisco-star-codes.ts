/**
 * Every setting of Cisco multiplatform phones and adapters that holds a code the phone would act
 * upon by itself instead of dialling it (Cisco's administration guides: vertical service
 * activation, announcement and outbound codec selection codes). All are set empty: the factory
 * plan would stop at the `*55` of `*55*123456`. Phones ignore the ones they do not have.
 */
export const ciscoStarCodes: readonly string[] = [
  ...["Call_Return", "Call_Redial", "Blind_Transfer", "Paging", "Call_Park", "Call_Pickup"],
  ...["Call_UnPark", "Group_Call_Pickup", "Media_Loopback", "Modem_Line_Toggle", "FAX_Line_Toggle"],
  ...["Call_Back_Act", "Call_Back_Deact", "Call_Back_Busy_Act"],
  ...["Cfwd_All_Act", "Cfwd_All_Deact", "Cfwd_Busy_Act", "Cfwd_Busy_Deact"],
  ...["Cfwd_No_Ans_Act", "Cfwd_No_Ans_Deact", "Cfwd_Last_Act", "Cfwd_Last_Deact"],
  ...["Block_Last_Act", "Block_Last_Deact", "Accept_Last_Act", "Accept_Last_Deact"],
  ...["CW_Act", "CW_Deact", "CW_Per_Call_Act", "CW_Per_Call_Deact"],
  ...["CID_Act", "CID_Deact", "CWCID_Act", "CWCID_Deact"],
  ...["Block_CID_Act", "Block_CID_Deact", "Block_CID_Per_Call_Act", "Block_CID_Per_Call_Deact"],
  ...["Block_ANC_Act", "Block_ANC_Deact", "DND_Act", "DND_Deact"],
  ...["Dist_Ring_Act", "Dist_Ring_Deact", "Speed_Dial_Act", "Conference_Act", "Attn-Xfer_Act"],
  ...["Secure_All_Call_Act", "Secure_No_Call_Act", "Secure_One_Call_Act", "Secure_One_Call_Deact"],
  ...["Prefer_G711u", "Force_G711u", "Prefer_G711a", "Force_G711a", "Prefer_G722", "Force_G722"],
  ...["Prefer_G722.2", "Force_G722.2", "Prefer_G723", "Force_G723", "Prefer_G729a", "Force_G729a"],
  ...["Prefer_G726r16", "Force_G726r16", "Prefer_G726r24", "Force_G726r24"],
  ...["Prefer_G726r32", "Force_G726r32", "Prefer_G726r40", "Force_G726r40"],
  ...["Prefer_iLBC", "Force_iLBC", "Prefer_OPUS", "Force_OPUS"],
]
  .map((name) => `${name}_Code`)
  .concat(
    ["Referral_Services_Codes", "Feature_Dial_Services_Codes"],
    ["Service_Annc_Base_Number", "Service_Annc_Extension_Codes"],
  );
