import{a as _o,b as Ao,c as In}from"./chunk-3JLRBWDY.js";import{a as fo,b as V,c as ai,d as zi,e as kt,f as ge,g as oe,h as vo,i as Eo,j as go,k as bo,n as To,o as Qi,p as yo,q as So}from"./chunk-TV6LWEZ6.js";import"./chunk-I7AUKTXE.js";function u(t,e,...i){let r=document.createElement(t);for(let[n,a]of Object.entries(e??{}))a===!1||a===void 0||a===null||(typeof a=="function"?r.addEventListener(n.slice(2),a):r.setAttribute(n,a===!0?"":String(a)));return r.append(...i.filter(n=>!!n||n==="")),r}var ce=t=>u("bdi",null,t);async function wt(t,e){let i=e.textContent;try{await navigator.clipboard.writeText(t)}catch{let r=u("textarea",{"aria-hidden":"true"},t);document.body.append(r),r.select(),document.execCommand("copy"),r.remove()}e.textContent="Copied",setTimeout(()=>{e.textContent=i},1500)}function De(t){let e="http://www.w3.org/2000/svg",i=document.createElementNS(e,"svg");i.setAttribute("viewBox","0 0 24 24"),i.setAttribute("aria-hidden","true"),i.setAttribute("class","icon");let r=document.createElementNS(e,"path");return r.setAttribute("d",t),i.append(r),i}var se={play:"M8 5.5v13l10.500-6.500z",film:"M4 5h16v14H4zM8 5v14M16 5v14M4 9.500h4M4 14.500h4M16 9.500h4M16 14.500h4",music:"M9 18V6l10-2v12M9 18a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0zM19 16a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0z",picture:"M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9.500h.01",text:"M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7",file:"M6 3h9l4 4v14H6zM14 3v5h5",folder:"M3 6h6l2 2.500h10V19H3z",right:"M9 6l6 6-6 6",check:"M5 12.500l4.500 4.500L19 7.500"};function qe(t){if(t<1024)return`${t} B`;let e=-1;for(;t>=1023.95&&e<5;)t/=1024,e++;return`${t.toFixed(1)} ${"KMGTPE"[e]}iB`}var kn=t=>`${qe(Math.round(t))}/s`;function oi(t){t=Math.max(0,Math.floor(t));let e=a=>String(a).padStart(2,"0"),[i,r,n]=[Math.floor(t/3600),Math.floor(t/60)%60,t%60];return i?`${i}:${e(r)}:${e(n)}`:`${r}:${e(n)}`}var le=(t,e,i=e+"s")=>`${t.toLocaleString("en")} ${t===1?e:i}`;function Io(t){return t<90?"just now":t<5400?`${Math.round(t/60)} minutes ago`:t<129600?`${Math.round(t/3600)} hours ago`:`${Math.round(t/86400)} days ago`}var wn="btgw.recent",Ln="btgw.places",ko="btgw.settings";function Mn(t,e){try{return JSON.parse(localStorage.getItem(t)??"")??e}catch{return e}}function si(t,e){try{localStorage.setItem(t,JSON.stringify(e))}catch{}}function Zi(){let t=Mn(wn,[]);return Array.isArray(t)?t.filter(e=>e&&typeof e.href=="string"&&typeof e.name=="string"):[]}function Lt(t){si(wn,[{...t,at:Date.now()},...Zi().filter(e=>e.hash!==t.hash)].slice(0,24))}function Rn(t){si(wn,t?Zi().filter(e=>e.hash!==t):[]),t||si(Ln,{})}var Mt=()=>Mn(Ln,{});function wo(t,e,i){let r=Mt();r[t]={at:e,of:i,when:Date.now()};let n=Object.entries(r).sort((a,o)=>o[1].when-a[1].when).slice(0,500);si(Ln,Object.fromEntries(n))}var st=t=>!!t&&t.of>0&&t.at>=t.of*.93,lt=()=>Mn(ko,{}),li=t=>si(ko,{...lt(),...t});function Mo(t){Ol(t),Dn()}function Ol(t){let e=document.querySelector("#box"),i=e?.querySelector("[name=uri]"),r=e?.querySelector("[type=file]");if(!e||!i)return;let n=o=>{let l=e.querySelector("[role=status]");l&&(l.textContent=o)};e.addEventListener("submit",()=>n("Opening…")),addEventListener("pageshow",()=>n("")),i.addEventListener("paste",()=>setTimeout(()=>{Lo(i.value)&&e.requestSubmit()})),r?.addEventListener("change",()=>{r.files?.length&&a([...r.files])});async function a(o){if(!t.uploads){n("This server takes no .torrent files: use a magnet link.");return}n(o.length>1?`Opening ${o.length} files…`:"Opening…");let l="";for(let c of o.slice(0,50)){let m=new FormData;m.append("torrent",c);let p=await fetch(e.action,{method:"POST",body:m,headers:{Accept:"application/json"}});if(!p.ok){let E=p.statusText;try{E=(await p.json()).detail}catch{}n(`${c.name}: ${E}`);return}l=p.url;let _=/\/(?:btih|btmh)\/([^/]+)\//.exec(l)?.[1];_&&Lt({hash:_,name:c.name.replace(/\.torrent$/i,""),href:l})}l&&(location.href=l)}addEventListener("dragover",o=>{o.preventDefault(),document.body.classList.add("drop")}),addEventListener("dragleave",o=>{o.relatedTarget||document.body.classList.remove("drop")}),addEventListener("drop",o=>{o.preventDefault(),document.body.classList.remove("drop");let l=[...o.dataTransfer?.files??[]],c=o.dataTransfer?.getData("text/uri-list")||o.dataTransfer?.getData("text/plain")||"";l.length?a(l):c&&(i.value=c.trim(),e.requestSubmit())}),addEventListener("paste",o=>{if(o.target instanceof HTMLInputElement)return;let l=[...o.clipboardData?.files??[]],c=o.clipboardData?.getData("text").trim()??"";l.length?a(l):c&&(i.value=c,Lo(c)&&e.requestSubmit())})}var Lo=t=>/^\s*(magnet:\?\S*xt=urn:bt|[0-9a-f]{40}\s*$|1220[0-9a-f]{64}\s*$|[a-z2-7]{32}\s*$|https?:\/\/\S+$)/i.test(t);function Dn(){let t=document.querySelector("#recent");if(!t)return;let e=Zi();t.replaceChildren(),e.length&&t.append(u("div",{class:"row"},u("h2",null,"Opened lately in this browser"),u("button",{type:"button",class:"quiet",onclick:()=>{Rn(),Dn()}},"Forget all")),u("ul",{class:"cards"},...e.map(i=>u("li",null,u("a",{href:i.href},ce(i.name),u("small",null,Io((Date.now()-i.at)/1e3))),u("button",{type:"button",class:"quiet","aria-label":`Forget ${i.name}`,onclick:()=>{Rn(i.hash),Dn()}},"×")))))}function Pl(t,e){let i=e[0]?.path.slice(0,-1)??[],r=t.filter(o=>kt(o.type)==="image"&&o.size<20<<20),n=o=>i.every((l,c)=>o.path[c]===l),a=o=>/^(cover|folder|front|album|albumart.*|.*front.*|.*cover.*)\.[a-z]+$/i.test(oe(o));return r.find(o=>n(o)&&a(o))??r.find(a)??r.find(n)}function Xi(t,e,i,r){let n=Pl(e.files,i);return u("section",{class:"playlist album"},n?u("img",{src:V(t,n.href),alt:"",class:"cover",loading:"lazy"}):null,u("div",null,u("h2",null,"Tracks"),u("ol",null,...i.map(a=>u("li",null,u("a",{href:ge(t,a),"aria-current":a===r?"true":void 0},De(a===r?se.music:se.play),ce(oe(a).replace(/\.[^.]+$/,"")),u("small",null,qe(a.size))))))))}function Ji(t,e,i){let r=null,n=!1,a=0,o=()=>{if(r||n)return;r=new EventSource(V(t,e,"view=events"));let c=(m,p)=>r?.addEventListener(m,_=>p?.(JSON.parse(_.data)));c("status",i.status?.bind(i)),c("info",i.info?.bind(i)),c("failed",i.failed?.bind(i)),c("end",m=>{l(),n=!0,i.end?.(m)})},l=()=>{r?.close(),r=null};return document.addEventListener("visibilitychange",()=>{clearTimeout(a),document.hidden?a=window.setTimeout(l,3e4):o()}),addEventListener("pagehide",l),addEventListener("pageshow",c=>{c.persisted&&o()}),o(),()=>{n=!0,l()}}var Ul=60;function Ro(t,e){let i=u("div",{class:"wall"}),r=u("dialog",{class:"large","aria-label":"Picture"}),n=u("img",{alt:""}),a=u("p"),o=0,l=p=>{o=(p+e.length)%e.length;let _=e[o];n.src=V(t,_.href),n.alt=oe(_),a.replaceChildren(ce(oe(_)),` (${o+1} of ${e.length})`),r.open||r.showModal()};r.append(n,u("div",{class:"row"},u("button",{type:"button",onclick:()=>l(o-1)},"← Previous"),a,u("button",{type:"button",onclick:()=>l(o+1)},"Next →"),u("button",{type:"button",onclick:()=>r.close()},"Close"))),r.addEventListener("keydown",p=>{p.key==="ArrowLeft"&&l(o-1),p.key==="ArrowRight"&&l(o+1)});let c=u("button",{type:"button"},"Show more"),m=()=>{let p=i.children.length;i.append(...e.slice(p,p+Ul).map((_,E)=>u("button",{type:"button",onclick:()=>l(p+E)},u("img",{src:V(t,_.href),alt:oe(_),loading:"lazy",decoding:"async"})))),c.hidden=i.children.length===e.length};return c.addEventListener("click",m),m(),u("section",{class:"gallery"},u("h2",null,"Pictures"),i,c,r)}function ji(){let t=u("div",{class:"strip",role:"img","aria-label":"What is here"});return t.hidden=!0,{element:t,draw(e){if(t.hidden=!e,!e)return;let i=[...e].filter(o=>o==="2").length,r=[...e].filter(o=>o!=="0").length;t.setAttribute("aria-label",i===e.length?"All of it is here":`${Math.round(100*i/e.length)} % of it is here${r>i?", and parts of more":""}`);let n={0:"transparent",1:"var(--some)",2:"var(--all)"},a=[...e.matchAll(/(.)\1*/g)].map(o=>`${n[o[1]]??"transparent"} ${100*o.index/e.length}% ${100*(o.index+o[0].length)/e.length}%`);t.style.backgroundImage=`linear-gradient(to right, ${a.join(", ")})`}}}function er(t,e=""){let i=[];if(t.map){let r=[...t.map].filter(n=>n==="2").length;i.push(r===t.map.length?`all ${e||"of it"} is here`:`${Math.floor(100*r/t.map.length)} % ${e?e+" ":""}here`)}return t.connected?i.push(`${le(t.connected,"peer")}${t.seeds?` (${t.seeds} with all of it)`:""}`):t.known&&i.push(`${le(t.known,"peer")} known, none connected`),t.down&&i.push(`↓ ${kn(t.down)}`),t.up&&i.push(`↑ ${kn(t.up)}`),i.join(" · ")}function Do(t){return t.ready?t.connected?t.unchoked?"data from peers":"a peer to let us download":t.known||t.dialing?"a peer to connect to":"peers to be found":t.metadata_size?`the list of files (${Math.floor(100*(t.metadata_have??0)/t.metadata_size)} % of it is here)`:t.metadata_peers||t.connected?"the list of files from peers":t.known?"a peer to connect to":"peers to be found"}function Co(){let t={},e=u("ul",{class:"steps"}),i=(r,n,a)=>{let o=t[r];o||(o=t[r]=u("li"),e.append(o)),o.textContent!==n&&(o.textContent=n),o.className=a};return{element:e,show(r){let n=r.trackers_asked-r.trackers_failed;i("trackers",r.trackers===0?"No tracker is named by the link":`${r.trackers_asked} of ${le(r.trackers,"tracker")} asked${n>0?`, ${n} answered`:""}${r.trackers_failed?`, ${r.trackers_failed} failed`:""}`,r.trackers===0?"":n>0?"done":r.trackers_failed>=r.trackers?"bad":"now"),i("dht",r.dht_answers?`${le(r.dht_answers,"node")} of the DHT answered`:"Nodes of the DHT are being asked",r.dht_answers?"done":"now"),i("peers",r.known?`${le(r.known,"peer")} found`:"No peer found so far",r.known?"done":"now"),i("connected",r.connected?`${le(r.connected,"peer")} connected`:r.dialing?`${le(r.dialing,"peer")} being connected to`:"None connected so far",r.connected?"done":r.dialing?"now":""),i("metadata",r.ready?"The list of files is here":r.metadata_size?`The list of files is coming: ${Math.floor(100*(r.metadata_have??0)/r.metadata_size)} %`:r.metadata_peers?`${le(r.metadata_peers,"peer")} with the list of files`:"The list of files has not come yet",r.ready?"done":r.metadata_peers?"now":"")}}}var tr=class{addEventListener(){}removeEventListener(){}dispatchEvent(){return!0}},ir=class extends tr{},rr=class extends ir{constructor(){super(...arguments),this.role=null}},Cn=class{observe(){}unobserve(){}disconnect(){}},xo={createElement:function(){return new di.HTMLElement},createElementNS:function(){return new di.HTMLElement},addEventListener(){},removeEventListener(){},dispatchEvent(t){return!1}},di={ResizeObserver:Cn,document:xo,Node:ir,Element:rr,HTMLElement:class extends rr{constructor(){super(...arguments),this.innerHTML=""}get content(){return new di.DocumentFragment}},DocumentFragment:class extends tr{},customElements:{get:function(){},define:function(){},whenDefined:function(){}},localStorage:{getItem(t){return null},setItem(t,e){},removeItem(t){}},CustomEvent:function(){},getComputedStyle:function(){},navigator:{languages:[],get userAgent(){return""}},matchMedia(t){return{matches:!1,media:t}},DOMParser:class{parseFromString(e,i){return{body:{textContent:e}}}}},Oo="global"in globalThis&&globalThis?.global===globalThis||typeof window>"u"||typeof window.customElements>"u",Po=Object.keys(di).every(t=>t in globalThis),d=Oo&&!Po?di:globalThis,z=Oo&&!Po?xo:globalThis.document;var g={MEDIA_PLAY_REQUEST:"mediaplayrequest",MEDIA_PAUSE_REQUEST:"mediapauserequest",MEDIA_MUTE_REQUEST:"mediamuterequest",MEDIA_UNMUTE_REQUEST:"mediaunmuterequest",MEDIA_LOOP_REQUEST:"medialooprequest",MEDIA_VOLUME_REQUEST:"mediavolumerequest",MEDIA_SEEK_REQUEST:"mediaseekrequest",MEDIA_AIRPLAY_REQUEST:"mediaairplayrequest",MEDIA_ENTER_FULLSCREEN_REQUEST:"mediaenterfullscreenrequest",MEDIA_EXIT_FULLSCREEN_REQUEST:"mediaexitfullscreenrequest",MEDIA_PREVIEW_REQUEST:"mediapreviewrequest",MEDIA_ENTER_PIP_REQUEST:"mediaenterpiprequest",MEDIA_EXIT_PIP_REQUEST:"mediaexitpiprequest",MEDIA_ENTER_CAST_REQUEST:"mediaentercastrequest",MEDIA_EXIT_CAST_REQUEST:"mediaexitcastrequest",MEDIA_SHOW_TEXT_TRACKS_REQUEST:"mediashowtexttracksrequest",MEDIA_HIDE_TEXT_TRACKS_REQUEST:"mediahidetexttracksrequest",MEDIA_SHOW_SUBTITLES_REQUEST:"mediashowsubtitlesrequest",MEDIA_DISABLE_SUBTITLES_REQUEST:"mediadisablesubtitlesrequest",MEDIA_TOGGLE_SUBTITLES_REQUEST:"mediatogglesubtitlesrequest",MEDIA_PLAYBACK_RATE_REQUEST:"mediaplaybackraterequest",MEDIA_RENDITION_REQUEST:"mediarenditionrequest",MEDIA_AUDIO_TRACK_REQUEST:"mediaaudiotrackrequest",MEDIA_SEEK_TO_LIVE_REQUEST:"mediaseektoliverequest",REGISTER_MEDIA_STATE_RECEIVER:"registermediastatereceiver",UNREGISTER_MEDIA_STATE_RECEIVER:"unregistermediastatereceiver"},R={MEDIA_CHROME_ATTRIBUTES:"mediachromeattributes",MEDIA_CONTROLLER:"mediacontroller"},xn={MEDIA_AIRPLAY_UNAVAILABLE:"mediaAirplayUnavailable",MEDIA_AUDIO_TRACK_ENABLED:"mediaAudioTrackEnabled",MEDIA_AUDIO_TRACK_LIST:"mediaAudioTrackList",MEDIA_AUDIO_TRACK_UNAVAILABLE:"mediaAudioTrackUnavailable",MEDIA_BUFFERED:"mediaBuffered",MEDIA_CAST_UNAVAILABLE:"mediaCastUnavailable",MEDIA_CHAPTERS_CUES:"mediaChaptersCues",MEDIA_CURRENT_TIME:"mediaCurrentTime",MEDIA_DURATION:"mediaDuration",MEDIA_ENDED:"mediaEnded",MEDIA_ERROR:"mediaError",MEDIA_ERROR_CODE:"mediaErrorCode",MEDIA_ERROR_MESSAGE:"mediaErrorMessage",MEDIA_FULLSCREEN_UNAVAILABLE:"mediaFullscreenUnavailable",MEDIA_HAS_PLAYED:"mediaHasPlayed",MEDIA_HEIGHT:"mediaHeight",MEDIA_IS_AIRPLAYING:"mediaIsAirplaying",MEDIA_IS_CASTING:"mediaIsCasting",MEDIA_IS_FULLSCREEN:"mediaIsFullscreen",MEDIA_IS_PIP:"mediaIsPip",MEDIA_LOADING:"mediaLoading",MEDIA_MUTED:"mediaMuted",MEDIA_LOOP:"mediaLoop",MEDIA_PAUSED:"mediaPaused",MEDIA_PIP_UNAVAILABLE:"mediaPipUnavailable",MEDIA_PLAYBACK_RATE:"mediaPlaybackRate",MEDIA_PREVIEW_CHAPTER:"mediaPreviewChapter",MEDIA_PREVIEW_COORDS:"mediaPreviewCoords",MEDIA_PREVIEW_IMAGE:"mediaPreviewImage",MEDIA_PREVIEW_TIME:"mediaPreviewTime",MEDIA_RENDITION_LIST:"mediaRenditionList",MEDIA_RENDITION_SELECTED:"mediaRenditionSelected",MEDIA_RENDITION_UNAVAILABLE:"mediaRenditionUnavailable",MEDIA_SEEKABLE:"mediaSeekable",MEDIA_STREAM_TYPE:"mediaStreamType",MEDIA_SUBTITLES_LIST:"mediaSubtitlesList",MEDIA_SUBTITLES_SHOWING:"mediaSubtitlesShowing",MEDIA_TARGET_LIVE_WINDOW:"mediaTargetLiveWindow",MEDIA_TIME_IS_LIVE:"mediaTimeIsLive",MEDIA_VOLUME:"mediaVolume",MEDIA_VOLUME_LEVEL:"mediaVolumeLevel",MEDIA_VOLUME_UNAVAILABLE:"mediaVolumeUnavailable",MEDIA_LANG:"mediaLang",MEDIA_WIDTH:"mediaWidth"},Uo=Object.entries(xn),s=Uo.reduce((t,[e,i])=>(t[e]=i.toLowerCase(),t),{}),Nl={USER_INACTIVE_CHANGE:"userinactivechange",BREAKPOINTS_CHANGE:"breakpointchange",BREAKPOINTS_COMPUTED:"breakpointscomputed"},dt=Uo.reduce((t,[e,i])=>(t[e]=i.toLowerCase(),t),{...Nl}),Mu=Object.entries(dt).reduce((t,[e,i])=>{let r=s[e];return r&&(t[i]=r),t},{userinactivechange:"userinactive"}),No=Object.entries(s).reduce((t,[e,i])=>{let r=dt[e];return r&&(t[i]=r),t},{userinactive:"userinactivechange"}),ue={SUBTITLES:"subtitles",CAPTIONS:"captions",DESCRIPTIONS:"descriptions",CHAPTERS:"chapters",METADATA:"metadata"},Ye={DISABLED:"disabled",HIDDEN:"hidden",SHOWING:"showing"};var nr={MOUSE:"mouse",PEN:"pen",TOUCH:"touch"},he={UNAVAILABLE:"unavailable",UNSUPPORTED:"unsupported"},pe={LIVE:"live",ON_DEMAND:"on-demand",UNKNOWN:"unknown"};var Ho={INLINE:"inline",FULLSCREEN:"fullscreen",PICTURE_IN_PICTURE:"picture-in-picture"};var $o=new WeakMap,On=t=>{let e=$o.get(t);return e||$o.set(t,e=new Set),e},Fo=new d.ResizeObserver(t=>{for(let e of t)for(let i of On(e.target))i(e)});function ar(t,e){On(t).add(e),Fo.observe(t)}function or(t,e){let i=On(t);i.delete(e),i.size||Fo.unobserve(t)}function Q(t){let e={};for(let i of t)e[i.name]=i.value;return e}function Bo(t){var e;return(e=Hl(t))!=null?e:ze(t,"media-controller")}function Hl(t){var e;let{MEDIA_CONTROLLER:i}=R,r=t.getAttribute(i);if(r)return(e=Fl(t))==null?void 0:e.getElementById(r)}var sr=(t,e,i=".value")=>{let r=t.querySelector(i);r&&(r.textContent=e)},$l=(t,e)=>{let i=`slot[name="${e}"]`,r=t.shadowRoot.querySelector(i);return r?r.children:[]},lr=(t,e)=>$l(t,e)[0],Ce=(t,e)=>!t||!e?!1:t?.contains(e)?!0:Ce(t,e.getRootNode().host),ze=(t,e)=>{if(!t)return null;let i=t.closest(e);return i||ze(t.getRootNode().host,e)};function Pn(t=document){var e;let i=t?.activeElement;return i?(e=Pn(i.shadowRoot))!=null?e:i:null}function Fl(t){var e;let i=(e=t?.getRootNode)==null?void 0:e.call(t);return i instanceof ShadowRoot||i instanceof Document?i:null}function dr(t,{depth:e=3,checkOpacity:i=!0,checkVisibilityCSS:r=!0}={}){if(t.checkVisibility)return t.checkVisibility({checkOpacity:i,checkVisibilityCSS:r});let n=t;for(;n&&e>0;){let a=getComputedStyle(n);if(i&&a.opacity==="0"||r&&a.visibility==="hidden"||a.display==="none")return!1;n=n.parentElement,e--}return!0}function Wo(t,e,i,r){let n=r.x-i.x,a=r.y-i.y,o=n*n+a*a;if(o===0)return 0;let l=((t-i.x)*n+(e-i.y)*a)/o;return Math.max(0,Math.min(1,l))}function H(t,e){let i=Bl(t,r=>r===e);return i||Un(t,e)}function Bl(t,e){var i,r;let n;for(n of(i=t.querySelectorAll("style:not([media])"))!=null?i:[]){let a;try{a=(r=n.sheet)==null?void 0:r.cssRules}catch{continue}for(let o of a??[])if(e(o.selectorText))return o}}function Un(t,e){var i,r;let n=(i=t.querySelectorAll("style:not([media])"))!=null?i:[],a=n?.[n.length-1];if(!a?.sheet)return console.warn("Media Chrome: No style sheet found on style tag of",t),{style:{setProperty:()=>{},removeProperty:()=>"",getPropertyValue:()=>""}};let o=a?.sheet.insertRule(`${e}{}`,a.sheet.cssRules.length);return(r=a.sheet.cssRules)==null?void 0:r[o]}function $(t,e,i=Number.NaN){let r=t.getAttribute(e);return r!=null?+r:i}function G(t,e,i){let r=+i;if(i==null||Number.isNaN(r)){t.hasAttribute(e)&&t.removeAttribute(e);return}$(t,e,void 0)!==r&&t.setAttribute(e,`${r}`)}function L(t,e){return t.hasAttribute(e)}function M(t,e,i){if(i==null){t.hasAttribute(e)&&t.removeAttribute(e);return}L(t,e)!=i&&t.toggleAttribute(e,i)}function O(t,e,i=null){var r;return(r=t.getAttribute(e))!=null?r:i}function x(t,e,i){if(i==null){t.hasAttribute(e)&&t.removeAttribute(e);return}let r=`${i}`;O(t,e,void 0)!==r&&t.setAttribute(e,r)}var Vo=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Se=(t,e,i)=>(Vo(t,e,"read from private field"),i?i.call(t):e.get(t)),Wl=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},cr=(t,e,i,r)=>(Vo(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),ne;function Vl(t){return`
    <style>
      :host {
        display: var(--media-control-display, var(--media-gesture-receiver-display, inline-block));
        box-sizing: border-box;
      }
    </style>
  `}var Rt=class extends d.HTMLElement{constructor(){if(super(),Wl(this,ne,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[R.MEDIA_CONTROLLER,s.MEDIA_PAUSED]}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===R.MEDIA_CONTROLLER&&(i&&((a=(n=Se(this,ne))==null?void 0:n.unassociateElement)==null||a.call(n,this),cr(this,ne,null)),r&&this.isConnected&&(cr(this,ne,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Se(this,ne))==null?void 0:l.associateElement)==null||c.call(l,this)))}connectedCallback(){var e,i;this.tabIndex=-1,this.setAttribute("aria-hidden","true"),cr(this,ne,Kl(this)),this.getAttribute(R.MEDIA_CONTROLLER)&&((i=(e=Se(this,ne))==null?void 0:e.associateElement)==null||i.call(e,this)),Se(this,ne)&&(Se(this,ne).addEventListener("pointerdown",this),Se(this,ne).addEventListener("click",this),Se(this,ne).hasAttribute("tabindex")||(Se(this,ne).tabIndex=0))}disconnectedCallback(){var e,i,r,n;this.getAttribute(R.MEDIA_CONTROLLER)&&((i=(e=Se(this,ne))==null?void 0:e.unassociateElement)==null||i.call(e,this)),(r=Se(this,ne))==null||r.removeEventListener("pointerdown",this),(n=Se(this,ne))==null||n.removeEventListener("click",this),cr(this,ne,null)}handleEvent(e){var i;let r=(i=e.composedPath())==null?void 0:i[0];if(["video","media-controller"].includes(r?.localName)){if(e.type==="pointerdown")this._pointerType=e.pointerType;else if(e.type==="click"){let{clientX:a,clientY:o}=e,{left:l,top:c,width:m,height:p}=this.getBoundingClientRect(),_=a-l,E=o-c;if(_<0||E<0||_>m||E>p||m===0&&p===0)return;let f=this._pointerType||"mouse";if(this._pointerType=void 0,f===nr.TOUCH){this.handleTap(e);return}else if(f===nr.MOUSE||f===nr.PEN){this.handleMouseClick(e);return}}}}get mediaPaused(){return L(this,s.MEDIA_PAUSED)}set mediaPaused(e){M(this,s.MEDIA_PAUSED,e)}handleTap(e){}handleMouseClick(e){let i=this.mediaPaused?g.MEDIA_PLAY_REQUEST:g.MEDIA_PAUSE_REQUEST;this.dispatchEvent(new d.CustomEvent(i,{composed:!0,bubbles:!0}))}};ne=new WeakMap;Rt.shadowRootOptions={mode:"open"};Rt.getTemplateHTML=Vl;function Kl(t){var e;let i=t.getAttribute(R.MEDIA_CONTROLLER);return i?(e=t.getRootNode())==null?void 0:e.getElementById(i):ze(t,"media-controller")}d.customElements.get("media-gesture-receiver")||d.customElements.define("media-gesture-receiver",Rt);var Nn=Rt;var Ko={"Start airplay":"Start airplay","Stop airplay":"Stop airplay",Audio:"Audio",Captions:"Captions","Enable captions":"Enable captions","Disable captions":"Disable captions","Start casting":"Start casting","Stop casting":"Stop casting","Enter fullscreen mode":"Enter fullscreen mode","Exit fullscreen mode":"Exit fullscreen mode",Mute:"Mute",Unmute:"Unmute",Loop:"Loop","Enter picture in picture mode":"Enter picture in picture mode","Exit picture in picture mode":"Exit picture in picture mode",Play:"Play",Pause:"Pause","Playback rate":"Playback rate","Playback rate {playbackRate}":"Playback rate {playbackRate}",Quality:"Quality","Seek backward":"Seek backward","Seek forward":"Seek forward",Settings:"Settings",Auto:"Auto","audio player":"audio player","video player":"video player",volume:"volume",seek:"seek","closed captions":"closed captions","current playback rate":"current playback rate","playback time":"playback time","media loading":"media loading",settings:"settings","audio tracks":"audio tracks",quality:"quality",play:"play",pause:"pause",mute:"mute",unmute:"unmute","chapter: {chapterName}":"chapter: {chapterName}",live:"live",Off:"Off","start airplay":"start airplay","stop airplay":"stop airplay","start casting":"start casting","stop casting":"stop casting","enter fullscreen mode":"enter fullscreen mode","exit fullscreen mode":"exit fullscreen mode","enter picture in picture mode":"enter picture in picture mode","exit picture in picture mode":"exit picture in picture mode","seek to live":"seek to live","playing live":"playing live","seek back {seekOffset} seconds":"seek back {seekOffset} seconds","seek forward {seekOffset} seconds":"seek forward {seekOffset} seconds","Network Error":"Network Error","Decode Error":"Decode Error","Source Not Supported":"Source Not Supported","Encryption Error":"Encryption Error","A network error caused the media download to fail.":"A network error caused the media download to fail.","A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.":"A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.","An unsupported error occurred. The server or network failed, or your browser does not support this format.":"An unsupported error occurred. The server or network failed, or your browser does not support this format.","The media is encrypted and there are no keys to decrypt it.":"The media is encrypted and there are no keys to decrypt it.",hour:"hour",hours:"hours",minute:"minute",minutes:"minutes",second:"second",seconds:"seconds","{time} remaining":"{time} remaining","{currentTime} of {totalTime}":"{currentTime} of {totalTime}","video not loaded, unknown time.":"video not loaded, unknown time."};var Go,ci={en:Ko},Dt=((Go=globalThis.navigator)==null?void 0:Go.language)||"en",qo=t=>{Dt=t};var Gl=t=>{var e,i,r;let[n]=Dt.split("-");return((e=ci[Dt])==null?void 0:e[t])||((i=ci[n])==null?void 0:i[t])||((r=ci.en)==null?void 0:r[t])||t},Yo=()=>{let[t]=Dt.split("-");return ci[Dt]?Dt:ci[t]?t:"en"},I=(t,e={})=>Gl(t).replace(/\{(\w+)\}/g,(i,r)=>r in e?String(e[r]):`{${r}}`);var Bn=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},q=(t,e,i)=>(Bn(t,e,"read from private field"),i?i.call(t):e.get(t)),de=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Ie=(t,e,i,r)=>(Bn(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),ke=(t,e,i)=>(Bn(t,e,"access private method"),i),ui,mr,Ct,Pt,Ot,Hn,xt,ur,$n,zo,Fn,Qo,hi,pr,fr,Wn,Ut,mi,Qe,hr,k={AUDIO:"audio",AUTOHIDE:"autohide",BREAKPOINTS:"breakpoints",GESTURES_DISABLED:"gesturesdisabled",KEYBOARD_CONTROL:"keyboardcontrol",NO_AUTOHIDE:"noautohide",USER_INACTIVE:"userinactive",AUTOHIDE_OVER_CONTROLS:"autohideovercontrols"};function ql(t){return`
    <style>
      
      :host([${s.MEDIA_IS_FULLSCREEN}]) ::slotted([slot=media]) {
        outline: none;
      }

      :host {
        box-sizing: border-box;
        position: relative;
        display: inline-block;
        line-height: 0;
        background-color: var(--media-background-color, #000);
        overflow: hidden;
      }

      :host(:not([${k.AUDIO}])) [part~=layer]:not([part~=media-layer]) {
        position: absolute;
        top: 0;
        left: 0;
        bottom: 0;
        right: 0;
        display: flex;
        flex-flow: column nowrap;
        align-items: start;
        pointer-events: none;
        background: none;
      }

      slot[name=media] {
        display: var(--media-slot-display, contents);
      }

      
      :host([${k.AUDIO}]) slot[name=media] {
        display: var(--media-slot-display, none);
      }

      
      :host([${k.AUDIO}]) [part~=layer][part~=gesture-layer] {
        height: 0;
        display: block;
      }

      
      :host(:not([${k.AUDIO}])[${k.GESTURES_DISABLED}]) ::slotted([slot=gestures-chrome]),
          :host(:not([${k.AUDIO}])[${k.GESTURES_DISABLED}]) media-gesture-receiver[slot=gestures-chrome] {
        display: none;
      }

      
      ::slotted(:not([slot=media]):not([slot=poster]):not(media-loading-indicator):not([role=dialog]):not([hidden])) {
        pointer-events: auto;
      }

      :host(:not([${k.AUDIO}])) *[part~=layer][part~=centered-layer] {
        align-items: center;
        justify-content: center;
      }

      :host(:not([${k.AUDIO}])) ::slotted(media-gesture-receiver[slot=gestures-chrome]),
      :host(:not([${k.AUDIO}])) media-gesture-receiver[slot=gestures-chrome] {
        align-self: stretch;
        flex-grow: 1;
      }

      slot[name=middle-chrome] {
        display: inline;
        flex-grow: 1;
        pointer-events: none;
        background: none;
      }

      
      ::slotted([slot=media]),
      ::slotted([slot=poster]) {
        width: 100%;
        height: 100%;
      }

      
      :host(:not([${k.AUDIO}])) .spacer {
        flex-grow: 1;
      }

      
      :host(:-webkit-full-screen) {
        
        width: 100% !important;
        height: 100% !important;
      }

      
      ::slotted(:not([slot=media]):not([slot=poster]):not([${k.NO_AUTOHIDE}]):not([hidden]):not([role=dialog])) {
        opacity: 1;
        transition: var(--media-control-transition-in, opacity 0.25s);
      }

      
      :host([${k.USER_INACTIVE}]:not([${s.MEDIA_PAUSED}]):not([${s.MEDIA_IS_AIRPLAYING}]):not([${s.MEDIA_IS_CASTING}]):not([${k.AUDIO}])) ::slotted(:not([slot=media]):not([slot=poster]):not([${k.NO_AUTOHIDE}]):not([role=dialog])) {
        opacity: 0;
        transition: var(--media-control-transition-out, opacity 1s);
      }

      :host([${k.USER_INACTIVE}]:not([${k.NO_AUTOHIDE}]):not([${s.MEDIA_PAUSED}]):not([${s.MEDIA_IS_CASTING}]):not([${k.AUDIO}])) ::slotted([slot=media]) {
        cursor: none;
      }

      :host([${k.USER_INACTIVE}][${k.AUTOHIDE_OVER_CONTROLS}]:not([${k.NO_AUTOHIDE}]):not([${s.MEDIA_PAUSED}]):not([${s.MEDIA_IS_CASTING}]):not([${k.AUDIO}])) * {
        --media-cursor: none;
        cursor: none;
      }


      ::slotted(media-control-bar)  {
        align-self: stretch;
      }

      
      
      :host(:not([${k.AUDIO}])[${s.MEDIA_HAS_PLAYED}]) slot[name=poster],
      :host(:not([${k.AUDIO}])[${s.MEDIA_STREAM_TYPE}="${pe.ON_DEMAND}"][${s.MEDIA_CURRENT_TIME}]:not([${s.MEDIA_CURRENT_TIME}="0"])) slot[name=poster] {
        display: none;
      }

      ::slotted([role=dialog]) {
        width: 100%;
        height: 100%;
        align-self: center;
      }

      ::slotted([role=menu]) {
        align-self: end;
      }
    </style>

    <slot name="media" part="layer media-layer"></slot>
    <slot name="poster" part="layer poster-layer"></slot>
    <slot name="gestures-chrome" part="layer gesture-layer">
      <media-gesture-receiver slot="gestures-chrome">
        <template shadowrootmode="${Nn.shadowRootOptions.mode}">
          ${Nn.getTemplateHTML({})}
        </template>
      </media-gesture-receiver>
    </slot>
    <span part="layer vertical-layer">
      <slot name="top-chrome" part="top chrome"></slot>
      <slot name="middle-chrome" part="middle chrome"></slot>
      <slot name="centered-chrome" part="layer centered-layer center centered chrome"></slot>
      
      <slot part="bottom chrome"></slot>
    </span>
    <slot name="dialog" part="layer dialog-layer"></slot>
  `}var Yl=Object.values(s),zl="sm:384 md:576 lg:768 xl:960";function Ql(t){Zo(t.target,t.contentRect.width)}function Zo(t,e){var i;if(!t.isConnected)return;let r=(i=t.getAttribute(k.BREAKPOINTS))!=null?i:zl,n=Zl(r),a=Xl(n,e),o=!1;if(Object.keys(n).forEach(l=>{if(a.includes(l)){t.hasAttribute(`breakpoint${l}`)||(t.setAttribute(`breakpoint${l}`,""),o=!0);return}t.hasAttribute(`breakpoint${l}`)&&(t.removeAttribute(`breakpoint${l}`),o=!0)}),o){let l=new CustomEvent(dt.BREAKPOINTS_CHANGE,{detail:a});t.dispatchEvent(l)}t.breakpointsComputed||(t.breakpointsComputed=!0,t.dispatchEvent(new CustomEvent(dt.BREAKPOINTS_COMPUTED,{bubbles:!0,composed:!0})))}function Zl(t){let e=t.split(/\s+/);return Object.fromEntries(e.map(i=>i.split(":")))}function Xl(t,e){return Object.keys(t).filter(i=>e>=parseInt(t[i]))}var ct=class extends d.HTMLElement{constructor(){if(super(),de(this,$n),de(this,Fn),de(this,hi),de(this,fr),de(this,Ut),de(this,ui,void 0),de(this,mr,0),de(this,Ct,null),de(this,Pt,null),de(this,Ot,void 0),this.breakpointsComputed=!1,de(this,Hn,e=>{let i=this.media;for(let r of e){if(r.type!=="childList")continue;let n=r.removedNodes;for(let a of n){if(a.slot!="media"||r.target!=this)continue;let o=r.previousSibling&&r.previousSibling.previousElementSibling;if(!o||!i)this.mediaUnsetCallback(a);else{let l=o.slot!=="media";for(;(o=o.previousSibling)!==null;)o.slot=="media"&&(l=!1);l&&this.mediaUnsetCallback(a)}}if(i)for(let a of r.addedNodes)a===i&&this.handleMediaUpdated(i)}}),de(this,xt,!1),de(this,ur,e=>{q(this,xt)||(setTimeout(()=>{Ql(e),Ie(this,xt,!1)},0),Ie(this,xt,!0))}),de(this,Qe,void 0),de(this,hr,()=>{if(!q(this,Qe).assignedElements({flatten:!0}).length){q(this,Ct)&&this.mediaUnsetCallback(q(this,Ct));return}this.handleMediaUpdated(this.media)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes),i=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(i):this.shadowRoot.innerHTML=i}Ie(this,ui,new MutationObserver(q(this,Hn)))}static get observedAttributes(){return[k.AUTOHIDE,k.GESTURES_DISABLED].concat(Yl).filter(e=>![s.MEDIA_RENDITION_LIST,s.MEDIA_AUDIO_TRACK_LIST,s.MEDIA_CHAPTERS_CUES,s.MEDIA_WIDTH,s.MEDIA_HEIGHT,s.MEDIA_ERROR,s.MEDIA_ERROR_MESSAGE].includes(e))}attributeChangedCallback(e,i,r){e.toLowerCase()==k.AUTOHIDE&&(this.autohide=r)}get media(){let e=this.querySelector(":scope > [slot=media]");return e?.nodeName=="SLOT"&&(e=e.assignedElements({flatten:!0})[0]),e}async handleMediaUpdated(e){e&&(Ie(this,Ct,e),e.localName.includes("-")&&await d.customElements.whenDefined(e.localName),this.mediaSetCallback(e))}connectedCallback(){var e;q(this,ui).observe(this,{childList:!0,subtree:!0}),ar(this,q(this,ur));let r=this.getAttribute(k.AUDIO)!=null?I("audio player"):I("video player");this.setAttribute("role","region"),this.setAttribute("aria-label",r),this.handleMediaUpdated(this.media),this.setAttribute(k.USER_INACTIVE,""),Zo(this,this.getBoundingClientRect().width);let n=this.querySelector(":scope > slot[slot=media]");n&&(Ie(this,Qe,n),q(this,Qe).addEventListener("slotchange",q(this,hr))),this.addEventListener("pointerdown",this),this.addEventListener("pointermove",this),this.addEventListener("pointerup",this),this.addEventListener("mouseleave",this),this.addEventListener("keyup",this),(e=d.window)==null||e.addEventListener("mouseup",this)}disconnectedCallback(){var e;or(this,q(this,ur)),clearTimeout(q(this,Pt)),q(this,ui).disconnect(),this.media&&this.mediaUnsetCallback(this.media),(e=d.window)==null||e.removeEventListener("mouseup",this),this.removeEventListener("pointerdown",this),this.removeEventListener("pointermove",this),this.removeEventListener("pointerup",this),this.removeEventListener("mouseleave",this),this.removeEventListener("keyup",this),q(this,Qe)&&(q(this,Qe).removeEventListener("slotchange",q(this,hr)),Ie(this,Qe,null)),Ie(this,xt,!1)}mediaSetCallback(e){}mediaUnsetCallback(e){Ie(this,Ct,null)}handleEvent(e){switch(e.type){case"pointerdown":Ie(this,mr,e.timeStamp);break;case"pointermove":ke(this,$n,zo).call(this,e);break;case"pointerup":ke(this,Fn,Qo).call(this,e);break;case"mouseleave":ke(this,hi,pr).call(this);break;case"mouseup":this.removeAttribute(k.KEYBOARD_CONTROL);break;case"keyup":ke(this,Ut,mi).call(this),this.setAttribute(k.KEYBOARD_CONTROL,"");break}}set autohide(e){let i=Number(e);Ie(this,Ot,isNaN(i)?0:i)}get autohide(){return(q(this,Ot)===void 0?2:q(this,Ot)).toString()}get breakpoints(){return O(this,k.BREAKPOINTS)}set breakpoints(e){x(this,k.BREAKPOINTS,e)}get audio(){return L(this,k.AUDIO)}set audio(e){M(this,k.AUDIO,e)}get gesturesDisabled(){return L(this,k.GESTURES_DISABLED)}set gesturesDisabled(e){M(this,k.GESTURES_DISABLED,e)}get keyboardControl(){return L(this,k.KEYBOARD_CONTROL)}set keyboardControl(e){M(this,k.KEYBOARD_CONTROL,e)}get noAutohide(){return L(this,k.NO_AUTOHIDE)}set noAutohide(e){M(this,k.NO_AUTOHIDE,e)}get autohideOverControls(){return L(this,k.AUTOHIDE_OVER_CONTROLS)}set autohideOverControls(e){M(this,k.AUTOHIDE_OVER_CONTROLS,e)}get userInteractive(){return L(this,k.USER_INACTIVE)}set userInteractive(e){M(this,k.USER_INACTIVE,e)}};ui=new WeakMap;mr=new WeakMap;Ct=new WeakMap;Pt=new WeakMap;Ot=new WeakMap;Hn=new WeakMap;xt=new WeakMap;ur=new WeakMap;$n=new WeakSet;zo=function(t){if(t.pointerType!=="mouse"&&t.timeStamp-q(this,mr)<250)return;ke(this,fr,Wn).call(this),clearTimeout(q(this,Pt));let e=this.hasAttribute(k.AUTOHIDE_OVER_CONTROLS);([this,this.media].includes(t.target)||e)&&ke(this,Ut,mi).call(this)};Fn=new WeakSet;Qo=function(t){if(t.pointerType==="touch"){let e=!this.hasAttribute(k.USER_INACTIVE);[this,this.media].includes(t.target)&&e?ke(this,hi,pr).call(this):ke(this,Ut,mi).call(this)}else t.composedPath().some(e=>["media-play-button","media-fullscreen-button"].includes(e?.localName))&&ke(this,Ut,mi).call(this)};hi=new WeakSet;pr=function(){if(q(this,Ot)<0||this.hasAttribute(k.USER_INACTIVE))return;this.setAttribute(k.USER_INACTIVE,"");let t=new d.CustomEvent(dt.USER_INACTIVE_CHANGE,{composed:!0,bubbles:!0,detail:!0});this.dispatchEvent(t)};fr=new WeakSet;Wn=function(){if(!this.hasAttribute(k.USER_INACTIVE))return;this.removeAttribute(k.USER_INACTIVE);let t=new d.CustomEvent(dt.USER_INACTIVE_CHANGE,{composed:!0,bubbles:!0,detail:!1});this.dispatchEvent(t)};Ut=new WeakSet;mi=function(){ke(this,fr,Wn).call(this),clearTimeout(q(this,Pt));let t=parseInt(this.autohide);t<0||Ie(this,Pt,setTimeout(()=>{ke(this,hi,pr).call(this)},t*1e3))};Qe=new WeakMap;hr=new WeakMap;ct.shadowRootOptions={mode:"open"};ct.getTemplateHTML=ql;d.customElements.get("media-container")||d.customElements.define("media-container",ct);var Qn=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ht=(t,e,i)=>(Qn(t,e,"read from private field"),i?i.call(t):e.get(t)),Ve=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Zn=(t,e,i,r)=>(Qn(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),ut=(t,e,i)=>(Qn(t,e,"access private method"),i),Er,fi,mt,vr,Vn,Kn,Xo,Gn,Jo,qn,jo,Yn,es,zn,ts;function Jl(t){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        display: var(--media-dialog-display, inline-flex);
        justify-content: center;
        align-items: center;
        
        transition-behavior: allow-discrete;
        visibility: hidden;
        opacity: 0;
        transform: translateY(2px) scale(.99);
        pointer-events: none;
      }

      :host([open]) {
        transition: display .2s, visibility 0s, opacity .2s ease-out, transform .15s ease-out;
        visibility: visible;
        opacity: 1;
        transform: translateY(0) scale(1);
        pointer-events: auto;
      }

      #content {
        display: flex;
        position: relative;
        box-sizing: border-box;
        width: min(320px, 100%);
        word-wrap: break-word;
        max-height: 100%;
        overflow: auto;
        text-align: center;
        line-height: 1.4;
      }
    </style>
    ${this.getSlotTemplateHTML(t)}
  `}function jl(t){return`
    <slot id="content"></slot>
  `}var pi={OPEN:"open",ANCHOR:"anchor"},Ze=class extends d.HTMLElement{constructor(){super(),Ve(this,vr),Ve(this,Kn),Ve(this,Gn),Ve(this,qn),Ve(this,Yn),Ve(this,zn),Ve(this,Er,!1),Ve(this,fi,null),Ve(this,mt,null)}static get observedAttributes(){return[pi.OPEN,pi.ANCHOR]}get open(){return L(this,pi.OPEN)}set open(e){M(this,pi.OPEN,e)}handleEvent(e){switch(e.type){case"invoke":ut(this,qn,jo).call(this,e);break;case"focusout":ut(this,Yn,es).call(this,e);break;case"keydown":ut(this,zn,ts).call(this,e);break}}connectedCallback(){ut(this,vr,Vn).call(this),this.role||(this.role="dialog"),this.addEventListener("invoke",this),this.addEventListener("focusout",this),this.addEventListener("keydown",this)}disconnectedCallback(){this.removeEventListener("invoke",this),this.removeEventListener("focusout",this),this.removeEventListener("keydown",this)}attributeChangedCallback(e,i,r){ut(this,vr,Vn).call(this),e===pi.OPEN&&r!==i&&(this.open?ut(this,Kn,Xo).call(this):ut(this,Gn,Jo).call(this))}focus(){Zn(this,fi,Pn());let e=!this.dispatchEvent(new Event("focus",{composed:!0,cancelable:!0})),i=!this.dispatchEvent(new Event("focusin",{composed:!0,bubbles:!0,cancelable:!0}));if(e||i)return;let r=this.querySelector('[autofocus], [tabindex]:not([tabindex="-1"]), [role="menu"]');r?.focus()}get keysUsed(){return["Escape","Tab"]}};Er=new WeakMap;fi=new WeakMap;mt=new WeakMap;vr=new WeakSet;Vn=function(){if(!ht(this,Er)&&(Zn(this,Er,!0),!this.shadowRoot)){this.attachShadow(this.constructor.shadowRootOptions);let t=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(t),queueMicrotask(()=>{let{style:e}=H(this.shadowRoot,":host");e.setProperty("transition","display .15s, visibility .15s, opacity .15s ease-in, transform .15s ease-in")})}};Kn=new WeakSet;Xo=function(){var t;(t=ht(this,mt))==null||t.setAttribute("aria-expanded","true"),this.dispatchEvent(new Event("open",{composed:!0,bubbles:!0})),this.addEventListener("transitionend",()=>this.focus(),{once:!0})};Gn=new WeakSet;Jo=function(){var t;(t=ht(this,mt))==null||t.setAttribute("aria-expanded","false"),this.dispatchEvent(new Event("close",{composed:!0,bubbles:!0}))};qn=new WeakSet;jo=function(t){Zn(this,mt,t.relatedTarget),Ce(this,t.relatedTarget)||(this.open=!this.open)};Yn=new WeakSet;es=function(t){var e;Ce(this,t.relatedTarget)||((e=ht(this,fi))==null||e.focus(),ht(this,mt)&&ht(this,mt)!==t.relatedTarget&&this.open&&(this.open=!1))};zn=new WeakSet;ts=function(t){var e,i,r,n,a;let{key:o,ctrlKey:l,altKey:c,metaKey:m}=t;l||c||m||this.keysUsed.includes(o)&&(t.preventDefault(),t.stopPropagation(),o==="Tab"?(t.shiftKey?(i=(e=this.previousElementSibling)==null?void 0:e.focus)==null||i.call(e):(n=(r=this.nextElementSibling)==null?void 0:r.focus)==null||n.call(r),this.blur()):o==="Escape"&&((a=ht(this,fi))==null||a.focus(),this.open=!1))};Ze.shadowRootOptions={mode:"open"};Ze.getTemplateHTML=Jl;Ze.getSlotTemplateHTML=jl;d.customElements.get("media-chrome-dialog")||d.customElements.define("media-chrome-dialog",Ze);var ed=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Xe=(t,e,i)=>(ed(t,e,"read from private field"),i?i.call(t):e.get(t)),is=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Nt,Ht,vi={HOTKEYS:"hotkeys"},td=[{keys:[{key:" ",label:"Space"},{key:"k"}],description:"Toggle Playback"},{keys:[{key:"m"}],description:"Toggle mute"},{keys:[{key:"f"}],description:"Toggle fullscreen"},{keys:[{key:"c"}],description:"Toggle captions or subtitles, if available"},{keys:[{key:"p"}],description:"Toggle Picture in Picture"},{keys:[{key:"ArrowLeft",label:"←"},{key:"j"}],description:"Seek back 10s"},{keys:[{key:"ArrowRight",label:"→"},{key:"l"}],description:"Seek forward 10s"},{keys:[{key:"ArrowUp",label:"↑"}],description:"Turn volume up"},{keys:[{key:"ArrowDown",label:"↓"}],description:"Turn volume down"},{keys:[{key:"<",label:"< (SHIFT+,)"}],description:"Decrease playback rate"},{keys:[{key:">",label:"> (SHIFT+.)"}],description:"Increase playback rate"},{keys:[{key:"shift+/",label:"SHIFT+/"}],description:"Show keyboard shortcuts"}];function br(t){return t===" "?"nospace":`no${t.toLowerCase()}`}function id(t){let e=new Set(t?.split(/\s+/));return td.map(({keys:i,description:r})=>({keys:i.filter(({key:n})=>!e.has(br(n))),description:r})).filter(({keys:i})=>i.length)}function rd(t){return`
    <style>
      :host {
        position: fixed;
        top: 0;
        left: 0;
        z-index: 9999;
        background: rgb(20 20 30 / .8);
        backdrop-filter: blur(10px);
      }

      #content {
        display: block;
        width: clamp(400px, 40vw, 700px);
        max-width: 90vw;
        text-align: left;
      }

      h2 {
        margin: 0 0 1.5rem 0;
        font-size: 1.5rem;
        font-weight: 500;
        text-align: center;
      }

      .shortcuts-table {
        width: 100%;
        border-collapse: collapse;
      }

      .shortcuts-table tr {
        border-bottom: 1px solid rgba(255, 255, 255, 0.1);
      }

      .shortcuts-table tr:last-child {
        border-bottom: none;
      }

      .shortcuts-table td {
        padding: 0.75rem 0.5rem;
      }

      .shortcuts-table td:first-child {
        text-align: right;
        padding-right: 1rem;
        width: 40%;
        min-width: 120px;
      }

      .shortcuts-table td:last-child {
        padding-left: 1rem;
      }

      .key {
        display: inline-block;
        background: rgba(255, 255, 255, 0.15);
        border: 1px solid rgba(255, 255, 255, 0.2);
        border-radius: 4px;
        padding: 0.25rem 0.5rem;
        font-family: 'Courier New', monospace;
        font-size: 0.9rem;
        font-weight: 500;
        min-width: 1.5rem;
        text-align: center;
        margin: 0 0.2rem;
      }

      .description {
        color: rgba(255, 255, 255, 0.9);
        font-size: 0.95rem;
      }

      .key-combo {
        display: flex;
        align-items: center;
        justify-content: flex-end;
        gap: 0.3rem;
      }

      .key-separator {
        color: rgba(255, 255, 255, 0.5);
        font-size: 0.9rem;
      }
    </style>
    <slot id="content">
      ${rs(t[vi.HOTKEYS])}
    </slot>
  `}function rs(t){return`
    <h2>Keyboard Shortcuts</h2>
    <table class="shortcuts-table">${id(t).map(({keys:i,description:r})=>`
        <tr>
          <td>
            <div class="key-combo">${i.map(({key:a,label:o=a},l)=>l>0?`<span class="key-separator">or</span><span class="key">${o}</span>`:`<span class="key">${o}</span>`).join("")}</div>
          </td>
          <td class="description">${r}</td>
        </tr>
      `).join("")}</table>
  `}var gr=class extends Ze{constructor(){super(...arguments),is(this,Nt,e=>{var i;if(!this.open)return;let r=(i=this.shadowRoot)==null?void 0:i.querySelector("#content");if(!r)return;let n=e.composedPath(),a=n[0]===this||n.includes(this),o=n.includes(r);a&&!o&&(this.open=!1)}),is(this,Ht,e=>{if(!this.open)return;let i=e.shiftKey&&(e.key==="/"||e.key==="?");(e.key==="Escape"||i)&&!e.ctrlKey&&!e.altKey&&!e.metaKey&&(this.open=!1,e.preventDefault(),e.stopPropagation())})}static get observedAttributes(){return[...super.observedAttributes,vi.HOTKEYS]}get hotkeys(){var e;return(e=O(this,vi.HOTKEYS))!=null?e:void 0}set hotkeys(e){x(this,vi.HOTKEYS,e)}connectedCallback(){super.connectedCallback(),this.open&&(this.addEventListener("click",Xe(this,Nt)),document.addEventListener("keydown",Xe(this,Ht)))}disconnectedCallback(){this.removeEventListener("click",Xe(this,Nt)),document.removeEventListener("keydown",Xe(this,Ht))}attributeChangedCallback(e,i,r){var n;if(super.attributeChangedCallback(e,i,r),e==="open")this.open?(this.addEventListener("click",Xe(this,Nt)),document.addEventListener("keydown",Xe(this,Ht))):(this.removeEventListener("click",Xe(this,Nt)),document.removeEventListener("keydown",Xe(this,Ht)));else if(e===vi.HOTKEYS&&r!==i){let a=(n=this.shadowRoot)==null?void 0:n.querySelector("#content");a&&(a.innerHTML=rs(r))}}};Nt=new WeakMap;Ht=new WeakMap;gr.getSlotTemplateHTML=rd;d.customElements.get("media-keyboard-shortcuts-dialog")||d.customElements.define("media-keyboard-shortcuts-dialog",gr);var ns=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},te=(t,e,i)=>(ns(t,e,"read from private field"),i?i.call(t):e.get(t)),Ei=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},_r=(t,e,i,r)=>(ns(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),$t,Ft,Ar,pt,Ke,Je,Tr=class{constructor(e,i,{defaultValue:r}={defaultValue:void 0}){Ei(this,Ke),Ei(this,$t,void 0),Ei(this,Ft,void 0),Ei(this,Ar,void 0),Ei(this,pt,new Set),_r(this,$t,e),_r(this,Ft,i),_r(this,Ar,new Set(r))}[Symbol.iterator](){return te(this,Ke,Je).values()}get length(){return te(this,Ke,Je).size}get value(){var e;return(e=[...te(this,Ke,Je)].join(" "))!=null?e:""}set value(e){var i;e!==this.value&&(_r(this,pt,new Set),this.add(...(i=e?.split(" "))!=null?i:[]))}toString(){return this.value}item(e){return[...te(this,Ke,Je)][e]}values(){return te(this,Ke,Je).values()}forEach(e,i){te(this,Ke,Je).forEach(e,i)}add(...e){var i,r;e.forEach(n=>te(this,pt).add(n)),!(this.value===""&&!((i=te(this,$t))!=null&&i.hasAttribute(`${te(this,Ft)}`)))&&((r=te(this,$t))==null||r.setAttribute(`${te(this,Ft)}`,`${this.value}`))}remove(...e){var i;e.forEach(r=>te(this,pt).delete(r)),(i=te(this,$t))==null||i.setAttribute(`${te(this,Ft)}`,`${this.value}`)}contains(e){return te(this,Ke,Je).has(e)}toggle(e,i){return typeof i<"u"?i?(this.add(e),!0):(this.remove(e),!1):this.contains(e)?(this.remove(e),!1):(this.add(e),!0)}replace(e,i){return this.remove(e),this.add(i),e===i}};$t=new WeakMap;Ft=new WeakMap;Ar=new WeakMap;pt=new WeakMap;Ke=new WeakSet;Je=function(){return te(this,pt).size?te(this,pt):te(this,Ar)};function as(t){return t?.map(nd).join(" ")}function nd(t){if(t){let{id:e,width:i,height:r}=t;return[e,i,r].filter(n=>n!=null).join(":")}}function os(t){return t?.map(ad).join(" ")}function ad(t){if(t){let{id:e,kind:i,language:r,label:n}=t;return[e,i,r,n].filter(a=>a!=null).join(":")}}function Bt(t){return typeof t=="number"&&!Number.isNaN(t)&&Number.isFinite(t)}var yr=t=>new Promise(e=>setTimeout(e,t));var od=(t="")=>t.split(/\s+/),ss=(t="")=>{let[e,i,r]=t.split(":"),n=r?decodeURIComponent(r):void 0;return{kind:e==="cc"?ue.CAPTIONS:ue.SUBTITLES,language:i,label:n}},Xn=(t="",e={})=>od(t).map(i=>{let r=ss(i);return{...e,...r}}),Jn=t=>t?Array.isArray(t)?t.map(e=>typeof e=="string"?ss(e):e):typeof t=="string"?Xn(t):[t]:[],sd=({kind:t,label:e,language:i}={kind:"subtitles"})=>e?`${t==="captions"?"cc":"sb"}:${i}:${encodeURIComponent(e)}`:i,gi=(t=[])=>Array.prototype.map.call(t,sd).join(" "),ld=(t,e)=>i=>i[t]===e,ls=t=>{let e=Object.entries(t).map(([i,r])=>ld(i,r));return i=>e.every(r=>r(i))},ft=(t,e=[],i=[])=>{let r=Jn(i).map(ls),n=a=>r.some(o=>o(a));Array.from(e).filter(n).forEach(a=>{a.mode=t})},vt=(t,e=()=>!0)=>{if(!t?.textTracks)return[];let i=typeof e=="function"?e:ls(e);return Array.from(t.textTracks).filter(i)},ds=t=>{var e;return!!((e=t.mediaSubtitlesShowing)!=null&&e.length)||t.hasAttribute(s.MEDIA_SUBTITLES_SHOWING)};var us=t=>{var e;let{media:i,fullscreenElement:r}=t;try{let n=r&&"requestFullscreen"in r?"requestFullscreen":r&&"webkitRequestFullScreen"in r?"webkitRequestFullScreen":void 0;if(n){let a=(e=r[n])==null?void 0:e.call(r);if(a instanceof Promise)return a.catch(()=>{})}else i?.webkitEnterFullscreen?i.webkitEnterFullscreen():i?.requestFullscreen&&i.requestFullscreen()}catch(n){console.error(n)}},cs="exitFullscreen"in z?"exitFullscreen":"webkitExitFullscreen"in z?"webkitExitFullscreen":"webkitCancelFullScreen"in z?"webkitCancelFullScreen":void 0,hs=t=>{var e;let{documentElement:i}=t;if(cs){let r=(e=i?.[cs])==null?void 0:e.call(i);if(r instanceof Promise)return r.catch(()=>{})}},bi="fullscreenElement"in z?"fullscreenElement":"webkitFullscreenElement"in z?"webkitFullscreenElement":void 0,dd=t=>{let{documentElement:e,media:i}=t,r=e?.[bi];return!r&&"webkitDisplayingFullscreen"in i&&"webkitPresentationMode"in i&&i.webkitDisplayingFullscreen&&i.webkitPresentationMode===Ho.FULLSCREEN?i:r},ms=t=>{var e;let{media:i,documentElement:r,fullscreenElement:n=i}=t;if(!i||!r)return!1;let a=dd(t);if(!a)return!1;if(a===n||a===i)return!0;if(a.localName.includes("-")){let o=a.shadowRoot;if(!(bi in o))return Ce(a,n);for(;o?.[bi];){if(o[bi]===n)return!0;o=(e=o[bi])==null?void 0:e.shadowRoot}}return!1},cd="fullscreenEnabled"in z?"fullscreenEnabled":"webkitFullscreenEnabled"in z?"webkitFullscreenEnabled":void 0,ps=t=>{let{documentElement:e,media:i}=t;return!!e?.[cd]||i&&"webkitSupportsFullscreen"in i};var Sr,jn=()=>{var t,e;return Sr||(Sr=(e=(t=z)==null?void 0:t.createElement)==null?void 0:e.call(t,"video"),Sr)},fs=async(t=jn())=>{if(!t)return!1;let e=t.volume;t.volume=e/2+.1;let i=new AbortController,r=await Promise.race([ud(t,i.signal),hd(t,e)]);return i.abort(),r},ud=(t,e)=>new Promise(i=>{t.addEventListener("volumechange",()=>i(!0),{signal:e})}),hd=async(t,e)=>{for(let i=0;i<10;i++){if(t.volume===e)return!1;await yr(10)}return t.volume!==e},md=/.*Version\/.*Safari\/.*/.test(d.navigator.userAgent),ea=(t=jn())=>d.matchMedia("(display-mode: standalone)").matches&&md?!1:typeof t?.requestPictureInPicture=="function",ta=(t=jn())=>ps({documentElement:z,media:t}),vs=ta(),Es=ea(),gs=!!d.WebKitPlaybackTargetAvailabilityEvent,bs=!!d.chrome;var Wt=t=>vt(t.media,e=>[ue.SUBTITLES,ue.CAPTIONS].includes(e.kind)).sort((e,i)=>e.kind>=i.kind?1:-1),ia=t=>vt(t.media,e=>e.mode===Ye.SHOWING&&[ue.SUBTITLES,ue.CAPTIONS].includes(e.kind)),Ir=(t,e)=>{let i=Wt(t),r=ia(t),n=!!r.length;if(i.length){if(e===!1||n&&e!==!0)ft(Ye.DISABLED,i,r);else if(e===!0||!n&&e!==!1){let a=i[0],{options:o}=t;if(!o?.noSubtitlesLangPref){let p=d.localStorage.getItem("media-chrome-pref-subtitles-lang"),_=p?[p,...d.navigator.languages]:d.navigator.languages,E=i.filter(f=>_.some(A=>f.language.toLowerCase().startsWith(A.split("-")[0]))).sort((f,A)=>{let T=_.findIndex(b=>f.language.toLowerCase().startsWith(b.split("-")[0])),w=_.findIndex(b=>A.language.toLowerCase().startsWith(b.split("-")[0]));return T-w});E[0]&&(a=E[0])}let{language:l,label:c,kind:m}=a;ft(Ye.DISABLED,i,r),ft(Ye.SHOWING,i,[{language:l,label:c,kind:m}])}}},kr=(t,e)=>t===e?!0:t==null||e==null||typeof t!=typeof e?!1:typeof t=="number"&&Number.isNaN(t)&&Number.isNaN(e)?!0:typeof t!="object"?!1:Array.isArray(t)?pd(t,e):Object.entries(t).every(([i,r])=>i in e&&kr(r,e[i])),pd=(t,e)=>{let i=Array.isArray(t),r=Array.isArray(e);return i!==r?!1:i||r?t.length!==e.length?!1:t.every((n,a)=>kr(n,e[a])):!0};var fd=Object.values(pe),wr,vd=fs().then(t=>(wr=t,wr)),_s=async(...t)=>{await Promise.all(t.filter(e=>e).map(async e=>{if(!("localName"in e&&e instanceof d.HTMLElement))return;let i=e.localName;if(!i.includes("-"))return;let r=d.customElements.get(i);r&&e instanceof r||(await d.customElements.whenDefined(i),d.customElements.upgrade(e))}))},Ed=new d.DOMParser,gd=t=>t&&(Ed.parseFromString(t,"text/html").body.textContent||t),Vt={mediaError:{get(t,e){let{media:i}=t;if(e?.type!=="playing")return i?.error},mediaEvents:["emptied","error","playing"]},mediaErrorCode:{get(t,e){var i;let{media:r}=t;if(e?.type!=="playing")return(i=r?.error)==null?void 0:i.code},mediaEvents:["emptied","error","playing"]},mediaErrorMessage:{get(t,e){var i,r;let{media:n}=t;if(e?.type!=="playing")return(r=(i=n?.error)==null?void 0:i.message)!=null?r:""},mediaEvents:["emptied","error","playing"]},mediaWidth:{get(t){var e;let{media:i}=t;return(e=i?.videoWidth)!=null?e:0},mediaEvents:["resize"]},mediaHeight:{get(t){var e;let{media:i}=t;return(e=i?.videoHeight)!=null?e:0},mediaEvents:["resize"]},mediaPaused:{get(t){var e;let{media:i}=t;return(e=i?.paused)!=null?e:!0},set(t,e){var i;let{media:r}=e;r&&(t?r.pause():(i=r.play())==null||i.catch(()=>{}))},mediaEvents:["play","playing","pause","emptied"]},mediaHasPlayed:{get(t,e){let{media:i}=t;return i?e?e.type==="playing":!i.paused:!1},mediaEvents:["playing","emptied"]},mediaEnded:{get(t){var e;let{media:i}=t;return(e=i?.ended)!=null?e:!1},mediaEvents:["seeked","ended","emptied"]},mediaPlaybackRate:{get(t){var e;let{media:i}=t;return(e=i?.playbackRate)!=null?e:1},set(t,e){let{media:i}=e;i&&Number.isFinite(+t)&&(i.playbackRate=+t)},mediaEvents:["ratechange","loadstart"]},mediaMuted:{get(t){var e;let{media:i}=t;return(e=i?.muted)!=null?e:!1},set(t,e){let{media:i,options:{noMutedPref:r}={}}=e;if(i){i.muted=t;try{let n=d.localStorage.getItem("media-chrome-pref-muted")!==null,a=i.hasAttribute("muted");if(r){n&&d.localStorage.removeItem("media-chrome-pref-muted");return}if(a&&!n)return;d.localStorage.setItem("media-chrome-pref-muted",t?"true":"false")}catch(n){console.debug("Error setting muted pref",n)}}},mediaEvents:["volumechange"],stateOwnersUpdateHandlers:[(t,e)=>{let{options:{noMutedPref:i}}=e,{media:r}=e;if(!(!r||r.muted||i))try{let n=d.localStorage.getItem("media-chrome-pref-muted")==="true";Vt.mediaMuted.set(n,e),t(n)}catch(n){console.debug("Error getting muted pref",n)}}]},mediaLoop:{get(t){let{media:e}=t;return e?.loop},set(t,e){let{media:i}=e;i&&(i.loop=t)},mediaEvents:["medialooprequest"]},mediaVolume:{get(t){var e;let{media:i}=t;return(e=i?.volume)!=null?e:1},set(t,e){let{media:i,options:{noVolumePref:r}={}}=e;if(i){try{t==null?d.localStorage.removeItem("media-chrome-pref-volume"):!i.hasAttribute("muted")&&!r&&d.localStorage.setItem("media-chrome-pref-volume",t.toString())}catch(n){console.debug("Error setting volume pref",n)}Number.isFinite(+t)&&(i.volume=+t)}},mediaEvents:["volumechange"],stateOwnersUpdateHandlers:[(t,e)=>{let{options:{noVolumePref:i}}=e;if(!i)try{let{media:r}=e;if(!r)return;let n=d.localStorage.getItem("media-chrome-pref-volume");if(n==null)return;Vt.mediaVolume.set(+n,e),t(+n)}catch(r){console.debug("Error getting volume pref",r)}}]},mediaVolumeLevel:{get(t){let{media:e}=t;return typeof e?.volume>"u"?"high":e.muted||e.volume===0?"off":e.volume<.5?"low":e.volume<.75?"medium":"high"},mediaEvents:["volumechange"]},mediaCurrentTime:{get(t){var e;let{media:i}=t;return(e=i?.currentTime)!=null?e:0},set(t,e){let{media:i}=e;!i||!Bt(t)||(i.currentTime=t)},mediaEvents:["timeupdate","loadedmetadata","seeking"]},mediaDuration:{get(t){let{media:e,options:{defaultDuration:i}={}}=t;return i&&(!e||!e.duration||Number.isNaN(e.duration)||!Number.isFinite(e.duration))?i:Number.isFinite(e?.duration)?e.duration:Number.NaN},mediaEvents:["durationchange","loadedmetadata","emptied"]},mediaLoading:{get(t){let{media:e}=t;return e?.readyState<3},mediaEvents:["waiting","playing","emptied"]},mediaSeekable:{get(t){var e;let{media:i}=t;if(!((e=i?.seekable)!=null&&e.length))return;let r=i.seekable.start(0),n=i.seekable.end(i.seekable.length-1);if(!(!r&&!n))return[Number(r.toFixed(3)),Number(n.toFixed(3))]},mediaEvents:["loadedmetadata","emptied","progress","seekablechange"]},mediaBuffered:{get(t){var e;let{media:i}=t,r=(e=i?.buffered)!=null?e:[];return Array.from(r).map((n,a)=>[Number(r.start(a).toFixed(3)),Number(r.end(a).toFixed(3))])},mediaEvents:["progress","emptied"]},mediaStreamType:{get(t){let{media:e,options:{defaultStreamType:i}={}}=t,r=[pe.LIVE,pe.ON_DEMAND].includes(i)?i:void 0;if(!e)return r;let{streamType:n}=e;if(fd.includes(n))return n===pe.UNKNOWN?r:n;let a=e.duration;return a===1/0?pe.LIVE:Number.isFinite(a)?pe.ON_DEMAND:r},mediaEvents:["emptied","durationchange","loadedmetadata","streamtypechange"]},mediaTargetLiveWindow:{get(t){let{media:e}=t;if(!e)return Number.NaN;let{targetLiveWindow:i}=e,r=Vt.mediaStreamType.get(t);return(i==null||Number.isNaN(i))&&r===pe.LIVE?0:i},mediaEvents:["emptied","durationchange","loadedmetadata","streamtypechange","targetlivewindowchange"]},mediaTimeIsLive:{get(t){let{media:e,options:{liveEdgeOffset:i=10}={}}=t;if(!e)return!1;if(typeof e.liveEdgeStart=="number")return Number.isNaN(e.liveEdgeStart)?!1:e.currentTime>=e.liveEdgeStart;if(!(Vt.mediaStreamType.get(t)===pe.LIVE))return!1;let n=e.seekable;if(!n)return!0;if(!n.length)return!1;let a=n.end(n.length-1)-i;return e.currentTime>=a},mediaEvents:["playing","timeupdate","progress","waiting","emptied"]},mediaSubtitlesList:{get(t){return Wt(t).map(({kind:e,label:i,language:r})=>({kind:e,label:i,language:r}))},mediaEvents:["loadstart"],textTracksEvents:["addtrack","removetrack"]},mediaSubtitlesShowing:{get(t){return ia(t).map(({kind:e,label:i,language:r})=>({kind:e,label:i,language:r}))},mediaEvents:["loadstart"],textTracksEvents:["addtrack","removetrack","change"],stateOwnersUpdateHandlers:[(t,e)=>{var i,r;let{media:n,options:a}=e;if(!n)return;let o=l=>{var c;!a.defaultSubtitles||l&&![ue.CAPTIONS,ue.SUBTITLES].includes((c=l?.track)==null?void 0:c.kind)||Ir(e,!0)};return n.addEventListener("loadstart",o),(i=n.textTracks)==null||i.addEventListener("addtrack",o),(r=n.textTracks)==null||r.addEventListener("removetrack",o),()=>{var l,c;n.removeEventListener("loadstart",o),(l=n.textTracks)==null||l.removeEventListener("addtrack",o),(c=n.textTracks)==null||c.removeEventListener("removetrack",o)}}]},mediaChaptersCues:{get(t){var e;let{media:i}=t;if(!i)return[];let[r]=vt(i,{kind:ue.CHAPTERS});return Array.from((e=r?.cues)!=null?e:[]).map(({text:n,startTime:a,endTime:o})=>({text:gd(n),startTime:a,endTime:o}))},mediaEvents:["loadstart","loadedmetadata"],textTracksEvents:["addtrack","removetrack","change"],stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:r}=e;if(!r)return;let n=r.querySelector('track[kind="chapters"][default][src]'),a=(i=r.shadowRoot)==null?void 0:i.querySelector(':is(video,audio) > track[kind="chapters"][default][src]');return n?.addEventListener("load",t),a?.addEventListener("load",t),()=>{n?.removeEventListener("load",t),a?.removeEventListener("load",t)}}]},mediaIsPip:{get(t){var e,i;let{media:r,documentElement:n}=t;if(!r||!n||!n.pictureInPictureElement)return!1;if(n.pictureInPictureElement===r)return!0;if(n.pictureInPictureElement instanceof HTMLMediaElement)return(e=r.localName)!=null&&e.includes("-")?Ce(r,n.pictureInPictureElement):!1;if(n.pictureInPictureElement.localName.includes("-")){let a=n.pictureInPictureElement.shadowRoot;for(;a?.pictureInPictureElement;){if(a.pictureInPictureElement===r)return!0;a=(i=a.pictureInPictureElement)==null?void 0:i.shadowRoot}}return!1},set(t,e){let{media:i}=e;if(i)if(t){if(!z.pictureInPictureEnabled){console.warn("MediaChrome: Picture-in-picture is not enabled");return}if(!i.requestPictureInPicture){console.warn("MediaChrome: The current media does not support picture-in-picture");return}let r=()=>{console.warn("MediaChrome: The media is not ready for picture-in-picture. It must have a readyState > 0.")};i.requestPictureInPicture().catch(n=>{if(n.code===11){if(!i.src){console.warn("MediaChrome: The media is not ready for picture-in-picture. It must have a src set.");return}if(i.readyState===0&&i.preload==="none"){let a=()=>{i.removeEventListener("loadedmetadata",o),i.preload="none"},o=()=>{i.requestPictureInPicture().catch(r),a()};i.addEventListener("loadedmetadata",o),i.preload="metadata",setTimeout(()=>{i.readyState===0&&r(),a()},1e3)}else throw n}else throw n})}else z.pictureInPictureElement&&z.exitPictureInPicture()},mediaEvents:["enterpictureinpicture","leavepictureinpicture"]},mediaRenditionList:{get(t){var e;let{media:i}=t;return[...(e=i?.videoRenditions)!=null?e:[]].map(r=>({...r}))},mediaEvents:["emptied","loadstart"],videoRenditionsEvents:["addrendition","removerendition"]},mediaRenditionSelected:{get(t){var e,i,r;let{media:n}=t;return(r=(i=n?.videoRenditions)==null?void 0:i[(e=n.videoRenditions)==null?void 0:e.selectedIndex])==null?void 0:r.id},set(t,e){let{media:i}=e;if(!i?.videoRenditions){console.warn("MediaController: Rendition selection not supported by this media.");return}let r=t,n=Array.prototype.findIndex.call(i.videoRenditions,a=>a.id==r);i.videoRenditions.selectedIndex!=n&&(i.videoRenditions.selectedIndex=n)},mediaEvents:["emptied"],videoRenditionsEvents:["addrendition","removerendition","change"]},mediaAudioTrackList:{get(t){var e;let{media:i}=t;return[...(e=i?.audioTracks)!=null?e:[]]},mediaEvents:["emptied","loadstart"],audioTracksEvents:["addtrack","removetrack"]},mediaAudioTrackEnabled:{get(t){var e,i;let{media:r}=t;return(i=[...(e=r?.audioTracks)!=null?e:[]].find(n=>n.enabled))==null?void 0:i.id},set(t,e){let{media:i}=e;if(!i?.audioTracks){console.warn("MediaChrome: Audio track selection not supported by this media.");return}let r=t;for(let n of i.audioTracks)n.enabled=r==n.id},mediaEvents:["emptied"],audioTracksEvents:["addtrack","removetrack","change"]},mediaIsFullscreen:{get(t){return ms(t)},set(t,e,i){var r,n;t?(us(e),i.detail&&!((r=e.media)!=null&&r.inert)&&((n=e.media)==null||n.focus())):hs(e)},rootEvents:["fullscreenchange","webkitfullscreenchange"],mediaEvents:["webkitbeginfullscreen","webkitendfullscreen","webkitpresentationmodechanged"]},mediaIsCasting:{get(t){var e;let{media:i}=t;return!i?.remote||((e=i.remote)==null?void 0:e.state)==="disconnected"?!1:i.remote.state==="connected"},set(t,e){var i,r;let{media:n}=e;if(n&&!(t&&((i=n.remote)==null?void 0:i.state)!=="disconnected")&&!(!t&&((r=n.remote)==null?void 0:r.state)!=="connected")){if(typeof n.remote.prompt!="function"){console.warn("MediaChrome: Casting is not supported in this environment");return}n.remote.prompt().catch(()=>{})}},remoteEvents:["connect","connecting","disconnect"]},mediaIsAirplaying:{get(){return!1},set(t,e){let{media:i}=e;if(i){if(!(i.webkitShowPlaybackTargetPicker&&d.WebKitPlaybackTargetAvailabilityEvent)){console.error("MediaChrome: received a request to select AirPlay but AirPlay is not supported in this environment");return}i.webkitShowPlaybackTargetPicker()}},mediaEvents:["webkitcurrentplaybacktargetiswirelesschanged"]},mediaFullscreenUnavailable:{get(t){let{media:e}=t;if(!vs||!ta(e))return he.UNSUPPORTED}},mediaPipUnavailable:{get(t){let{media:e}=t;if(!Es||!ea(e))return he.UNSUPPORTED;if(e?.disablePictureInPicture)return he.UNAVAILABLE}},mediaVolumeUnavailable:{get(t){let{media:e}=t;if(wr===!1||e?.volume==null)return he.UNSUPPORTED},stateOwnersUpdateHandlers:[t=>{wr==null&&vd.then(e=>t(e?void 0:he.UNSUPPORTED))}]},mediaCastUnavailable:{get(t,{availability:e="not-available"}={}){var i;let{media:r}=t;if(!bs||!((i=r?.remote)!=null&&i.state))return he.UNSUPPORTED;if(!(e==null||e==="available"))return he.UNAVAILABLE},stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:r}=e;return r?(r.disableRemotePlayback||r.hasAttribute("disableremoteplayback")||(i=r?.remote)==null||i.watchAvailability(a=>{t({availability:a?"available":"not-available"})}).catch(a=>{a.name==="NotSupportedError"?t({availability:null}):t({availability:"not-available"})}),()=>{var a;(a=r?.remote)==null||a.cancelWatchAvailability().catch(()=>{})}):void 0}]},mediaAirplayUnavailable:{get(t,e){if(!gs)return he.UNSUPPORTED;if(e?.availability==="not-available")return he.UNAVAILABLE},mediaEvents:["webkitplaybacktargetavailabilitychanged"],stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:r}=e;return r?(r.disableRemotePlayback||r.hasAttribute("disableremoteplayback")||(i=r?.remote)==null||i.watchAvailability(a=>{t({availability:a?"available":"not-available"})}).catch(a=>{a.name==="NotSupportedError"?t({availability:null}):t({availability:"not-available"})}),()=>{var a;(a=r?.remote)==null||a.cancelWatchAvailability().catch(()=>{})}):void 0}]},mediaRenditionUnavailable:{get(t){var e;let{media:i}=t;if(!i?.videoRenditions)return he.UNSUPPORTED;if(!((e=i.videoRenditions)!=null&&e.length))return he.UNAVAILABLE},mediaEvents:["emptied","loadstart"],videoRenditionsEvents:["addrendition","removerendition"]},mediaAudioTrackUnavailable:{get(t){var e,i;let{media:r}=t;if(!r?.audioTracks)return he.UNSUPPORTED;if(((i=(e=r.audioTracks)==null?void 0:e.length)!=null?i:0)<=1)return he.UNAVAILABLE},mediaEvents:["emptied","loadstart"],audioTracksEvents:["addtrack","removetrack"]},mediaLang:{get(t){let{options:{mediaLang:e}={}}=t;return e??"en"}}};var As={[g.MEDIA_PREVIEW_REQUEST](t,e,{detail:i}){var r,n,a;let{media:o}=e,l=i??void 0,c,m;if(o&&l!=null){let[f]=vt(o,{kind:ue.METADATA,label:"thumbnails"}),A=Array.prototype.find.call((r=f?.cues)!=null?r:[],(T,w,b)=>w===0?T.endTime>l:w===b.length-1?T.startTime<=l:T.startTime<=l&&T.endTime>l);if(A){let T=/'^(?:[a-z]+:)?\/\//i.test(A.text)||(n=o?.querySelector('track[label="thumbnails"]'))==null?void 0:n.src,w=new URL(A.text,T);m=new URLSearchParams(w.hash).get("#xywh").split(",").map(v=>+v),c=w.href}}let p=t.mediaDuration.get(e),E=(a=t.mediaChaptersCues.get(e).find((f,A,T)=>A===T.length-1&&p===f.endTime?f.startTime<=l&&f.endTime>=l:f.startTime<=l&&f.endTime>l))==null?void 0:a.text;return i!=null&&E==null&&(E=""),{mediaPreviewTime:l,mediaPreviewImage:c,mediaPreviewCoords:m,mediaPreviewChapter:E}},[g.MEDIA_PAUSE_REQUEST](t,e){t["mediaPaused"].set(!0,e)},[g.MEDIA_PLAY_REQUEST](t,e){var i,r,n,a;let o="mediaPaused",c=t.mediaStreamType.get(e)===pe.LIVE,m=!((i=e.options)!=null&&i.noAutoSeekToLive),p=t.mediaTargetLiveWindow.get(e)>0;if(c&&m&&!p){let _=(r=t.mediaSeekable.get(e))==null?void 0:r[1];if(_){let E=(a=(n=e.options)==null?void 0:n.seekToLiveOffset)!=null?a:0,f=_-E;t.mediaCurrentTime.set(f,e)}}t[o].set(!1,e)},[g.MEDIA_PLAYBACK_RATE_REQUEST](t,e,{detail:i}){let r="mediaPlaybackRate",n=i;t[r].set(n,e)},[g.MEDIA_MUTE_REQUEST](t,e){t["mediaMuted"].set(!0,e)},[g.MEDIA_UNMUTE_REQUEST](t,e){let i="mediaMuted";t.mediaVolume.get(e)||t.mediaVolume.set(.25,e),t[i].set(!1,e)},[g.MEDIA_LOOP_REQUEST](t,e,{detail:i}){let r="mediaLoop",n=!!i;return t[r].set(n,e),{mediaLoop:n}},[g.MEDIA_VOLUME_REQUEST](t,e,{detail:i}){let r="mediaVolume",n=i;n&&t.mediaMuted.get(e)&&t.mediaMuted.set(!1,e),t[r].set(n,e)},[g.MEDIA_SEEK_REQUEST](t,e,{detail:i}){let r="mediaCurrentTime",n=i;t[r].set(n,e)},[g.MEDIA_SEEK_TO_LIVE_REQUEST](t,e){var i,r,n;let a="mediaCurrentTime",o=(i=t.mediaSeekable.get(e))==null?void 0:i[1];if(Number.isNaN(Number(o)))return;let l=(n=(r=e.options)==null?void 0:r.seekToLiveOffset)!=null?n:0,c=o-l;t[a].set(c,e)},[g.MEDIA_SHOW_SUBTITLES_REQUEST](t,e,{detail:i}){var r;let{options:n}=e,a=Wt(e),o=Jn(i),l=(r=o[0])==null?void 0:r.language;l&&!n.noSubtitlesLangPref&&d.localStorage.setItem("media-chrome-pref-subtitles-lang",l),ft(Ye.SHOWING,a,o)},[g.MEDIA_DISABLE_SUBTITLES_REQUEST](t,e,{detail:i}){let r=Wt(e),n=i??[];ft(Ye.DISABLED,r,n)},[g.MEDIA_TOGGLE_SUBTITLES_REQUEST](t,e,{detail:i}){Ir(e,i)},[g.MEDIA_RENDITION_REQUEST](t,e,{detail:i}){let r="mediaRenditionSelected",n=i;t[r].set(n,e)},[g.MEDIA_AUDIO_TRACK_REQUEST](t,e,{detail:i}){let r="mediaAudioTrackEnabled",n=i;t[r].set(n,e)},[g.MEDIA_ENTER_PIP_REQUEST](t,e){let i="mediaIsPip";t.mediaIsFullscreen.get(e)&&t.mediaIsFullscreen.set(!1,e),t[i].set(!0,e)},[g.MEDIA_EXIT_PIP_REQUEST](t,e){t["mediaIsPip"].set(!1,e)},[g.MEDIA_ENTER_FULLSCREEN_REQUEST](t,e,i){let r="mediaIsFullscreen";t.mediaIsPip.get(e)&&t.mediaIsPip.set(!1,e),t[r].set(!0,e,i)},[g.MEDIA_EXIT_FULLSCREEN_REQUEST](t,e){t["mediaIsFullscreen"].set(!1,e)},[g.MEDIA_ENTER_CAST_REQUEST](t,e){let i="mediaIsCasting";t.mediaIsFullscreen.get(e)&&t.mediaIsFullscreen.set(!1,e),t[i].set(!0,e)},[g.MEDIA_EXIT_CAST_REQUEST](t,e){t["mediaIsCasting"].set(!1,e)},[g.MEDIA_AIRPLAY_REQUEST](t,e){t["mediaIsAirplaying"].set(!0,e)}};var Ts=({media:t,fullscreenElement:e,documentElement:i,stateMediator:r=Vt,requestMap:n=As,options:a={},monitorStateOwnersOnlyWithSubscriptions:o=!0})=>{let l=[],c={options:{...a}},m=Object.freeze({mediaPreviewTime:void 0,mediaPreviewImage:void 0,mediaPreviewCoords:void 0,mediaPreviewChapter:void 0}),p=T=>{T!=null&&(kr(T,m)||(m=Object.freeze({...m,...T}),l.forEach(w=>w(m))))},_=()=>{let T=Object.entries(r).reduce((w,[b,{get:v}])=>(w[b]=v(c),w),{});p(T)},E={},f,A=async(T,w)=>{var b,v,P,C,N,J,Te,S,re,j,ot,Ka,Ga,qa,Ya,za;let kl=!!f;if(f={...c,...f??{},...T},kl)return;await _s(...Object.values(T));let St=l.length>0&&w===0&&o,Qa=c.media!==f.media,Za=((b=c.media)==null?void 0:b.textTracks)!==((v=f.media)==null?void 0:v.textTracks),Xa=((P=c.media)==null?void 0:P.videoRenditions)!==((C=f.media)==null?void 0:C.videoRenditions),Ja=((N=c.media)==null?void 0:N.audioTracks)!==((J=f.media)==null?void 0:J.audioTracks),ja=((Te=c.media)==null?void 0:Te.remote)!==((S=f.media)==null?void 0:S.remote),eo=c.documentElement!==f.documentElement,to=!!c.media&&(Qa||St),io=!!((re=c.media)!=null&&re.textTracks)&&(Za||St),ro=!!((j=c.media)!=null&&j.videoRenditions)&&(Xa||St),no=!!((ot=c.media)!=null&&ot.audioTracks)&&(Ja||St),ao=!!((Ka=c.media)!=null&&Ka.remote)&&(ja||St),oo=!!c.documentElement&&(eo||St),Sn=to||io||ro||no||ao||oo,It=l.length===0&&w===1&&o,so=!!f.media&&(Qa||It),lo=!!((Ga=f.media)!=null&&Ga.textTracks)&&(Za||It),co=!!((qa=f.media)!=null&&qa.videoRenditions)&&(Xa||It),uo=!!((Ya=f.media)!=null&&Ya.audioTracks)&&(Ja||It),ho=!!((za=f.media)!=null&&za.remote)&&(ja||It),mo=!!f.documentElement&&(eo||It),po=so||lo||co||uo||ho||mo;if(!(Sn||po)){Object.entries(f).forEach(([U,ni])=>{c[U]=ni}),_(),f=void 0;return}Object.entries(r).forEach(([U,{get:ni,mediaEvents:wl=[],textTracksEvents:Ll=[],videoRenditionsEvents:Ml=[],audioTracksEvents:Rl=[],remoteEvents:Dl=[],rootEvents:Cl=[],stateOwnersUpdateHandlers:xl=[]}])=>{E[U]||(E[U]={});let me=W=>{let Y=ni(c,W);p({[U]:Y})},ee;ee=E[U].mediaEvents,wl.forEach(W=>{ee&&to&&(c.media.removeEventListener(W,ee),E[U].mediaEvents=void 0),so&&(f.media.addEventListener(W,me),E[U].mediaEvents=me)}),ee=E[U].textTracksEvents,Ll.forEach(W=>{var Y,ye;ee&&io&&((Y=c.media.textTracks)==null||Y.removeEventListener(W,ee),E[U].textTracksEvents=void 0),lo&&((ye=f.media.textTracks)==null||ye.addEventListener(W,me),E[U].textTracksEvents=me)}),ee=E[U].videoRenditionsEvents,Ml.forEach(W=>{var Y,ye;ee&&ro&&((Y=c.media.videoRenditions)==null||Y.removeEventListener(W,ee),E[U].videoRenditionsEvents=void 0),co&&((ye=f.media.videoRenditions)==null||ye.addEventListener(W,me),E[U].videoRenditionsEvents=me)}),ee=E[U].audioTracksEvents,Rl.forEach(W=>{var Y,ye;ee&&no&&((Y=c.media.audioTracks)==null||Y.removeEventListener(W,ee),E[U].audioTracksEvents=void 0),uo&&((ye=f.media.audioTracks)==null||ye.addEventListener(W,me),E[U].audioTracksEvents=me)}),ee=E[U].remoteEvents,Dl.forEach(W=>{var Y,ye;ee&&ao&&((Y=c.media.remote)==null||Y.removeEventListener(W,ee),E[U].remoteEvents=void 0),ho&&((ye=f.media.remote)==null||ye.addEventListener(W,me),E[U].remoteEvents=me)}),ee=E[U].rootEvents,Cl.forEach(W=>{ee&&oo&&(c.documentElement.removeEventListener(W,ee),E[U].rootEvents=void 0),mo&&(f.documentElement.addEventListener(W,me),E[U].rootEvents=me)});let Yi=E[U].stateOwnersUpdateHandlers;if(Yi&&Sn&&(Array.isArray(Yi)?Yi:[Yi]).forEach(Y=>{typeof Y=="function"&&Y()}),po){let W=xl.map(Y=>Y(me,f)).filter(Y=>typeof Y=="function");E[U].stateOwnersUpdateHandlers=W.length===1?W[0]:W}else Sn&&(E[U].stateOwnersUpdateHandlers=void 0)}),Object.entries(f).forEach(([U,ni])=>{c[U]=ni}),_(),f=void 0};return A({media:t,fullscreenElement:e,documentElement:i,options:a}),{dispatch(T){let{type:w,detail:b}=T;if(n[w]&&m.mediaErrorCode==null){p(n[w](r,c,T));return}w==="mediaelementchangerequest"?A({media:b}):w==="fullscreenelementchangerequest"?A({fullscreenElement:b}):w==="documentelementchangerequest"?A({documentElement:b}):w==="optionschangerequest"&&(Object.entries(b??{}).forEach(([v,P])=>{c.options[v]=P}),_())},getState(){return m},subscribe(T){return A({},l.length+1),l.push(T),T(m),()=>{let w=l.indexOf(T);w>=0&&(A({},l.length-1),l.splice(w,1))}}}};var la=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},y=(t,e,i)=>(la(t,e,"read from private field"),i?i.call(t):e.get(t)),fe=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},we=(t,e,i,r)=>(la(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),je=(t,e,i)=>(la(t,e,"access private method"),i),Ge,_i,D,ve,Ai,xe,Lr,Ti,Mr,ra,gt,Rr,na,yi,Dr,aa,Ms,Rs=["ArrowLeft","ArrowRight","ArrowUp","ArrowDown","Enter"," ","f","m","k","c","l","j",">","<","p"],ys=10,Ss=.025,Is=.25,bd=.25,_d=2,h={DEFAULT_SUBTITLES:"defaultsubtitles",DEFAULT_STREAM_TYPE:"defaultstreamtype",DEFAULT_DURATION:"defaultduration",FULLSCREEN_ELEMENT:"fullscreenelement",HOTKEYS:"hotkeys",KEYBOARD_BACKWARD_SEEK_OFFSET:"keyboardbackwardseekoffset",KEYBOARD_FORWARD_SEEK_OFFSET:"keyboardforwardseekoffset",KEYBOARD_DOWN_VOLUME_STEP:"keyboarddownvolumestep",KEYBOARD_UP_VOLUME_STEP:"keyboardupvolumestep",KEYS_USED:"keysused",LANG:"lang",LOOP:"loop",LIVE_EDGE_OFFSET:"liveedgeoffset",NO_AUTO_SEEK_TO_LIVE:"noautoseektolive",NO_DEFAULT_STORE:"nodefaultstore",NO_HOTKEYS:"nohotkeys",NO_MUTED_PREF:"nomutedpref",NO_SUBTITLES_LANG_PREF:"nosubtitleslangpref",NO_VOLUME_PREF:"novolumepref",SEEK_TO_LIVE_OFFSET:"seektoliveoffset"},oa=class extends ct{constructor(){super(),fe(this,Mr),fe(this,Rr),fe(this,yi),fe(this,aa),this.mediaStateReceivers=[],this.associatedElementSubscriptions=new Map,fe(this,Ge,new Tr(this,h.HOTKEYS)),fe(this,_i,void 0),fe(this,D,void 0),fe(this,ve,null),fe(this,Ai,void 0),fe(this,xe,void 0),fe(this,Lr,i=>{var r;(r=y(this,D))==null||r.dispatch(i)}),fe(this,Ti,void 0),fe(this,gt,i=>{let{key:r,shiftKey:n}=i;if(!(n&&(r==="/"||r==="?")||Rs.includes(r))){this.removeEventListener("keyup",y(this,gt));return}this.keyboardShortcutHandler(i)}),this.associateElement(this);let e={};we(this,Ai,i=>{Object.entries(i).forEach(([r,n])=>{if(r in e&&e[r]===n)return;this.propagateMediaState(r,n);let a=r.toLowerCase(),o=new d.CustomEvent(No[a],{composed:!0,detail:n});this.dispatchEvent(o)}),e=i})}static get observedAttributes(){return super.observedAttributes.concat(h.NO_HOTKEYS,h.HOTKEYS,h.DEFAULT_STREAM_TYPE,h.DEFAULT_SUBTITLES,h.DEFAULT_DURATION,h.NO_MUTED_PREF,h.NO_VOLUME_PREF,h.LANG,h.LOOP,h.LIVE_EDGE_OFFSET,h.SEEK_TO_LIVE_OFFSET,h.NO_AUTO_SEEK_TO_LIVE)}get mediaStore(){return y(this,D)}set mediaStore(e){var i,r;if(y(this,D)&&((i=y(this,xe))==null||i.call(this),we(this,xe,void 0)),we(this,D,e),!y(this,D)&&!this.hasAttribute(h.NO_DEFAULT_STORE)){je(this,Mr,ra).call(this);return}we(this,xe,(r=y(this,D))==null?void 0:r.subscribe(y(this,Ai)))}get fullscreenElement(){var e;return(e=y(this,_i))!=null?e:this}set fullscreenElement(e){var i;this.hasAttribute(h.FULLSCREEN_ELEMENT)&&this.removeAttribute(h.FULLSCREEN_ELEMENT),we(this,_i,e),(i=y(this,D))==null||i.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement})}get defaultSubtitles(){return L(this,h.DEFAULT_SUBTITLES)}set defaultSubtitles(e){M(this,h.DEFAULT_SUBTITLES,e)}get defaultStreamType(){return O(this,h.DEFAULT_STREAM_TYPE)}set defaultStreamType(e){x(this,h.DEFAULT_STREAM_TYPE,e)}get defaultDuration(){return $(this,h.DEFAULT_DURATION)}set defaultDuration(e){G(this,h.DEFAULT_DURATION,e)}get noHotkeys(){return L(this,h.NO_HOTKEYS)}set noHotkeys(e){M(this,h.NO_HOTKEYS,e)}get keysUsed(){return O(this,h.KEYS_USED)}set keysUsed(e){x(this,h.KEYS_USED,e)}get liveEdgeOffset(){return $(this,h.LIVE_EDGE_OFFSET)}set liveEdgeOffset(e){G(this,h.LIVE_EDGE_OFFSET,e)}get noAutoSeekToLive(){return L(this,h.NO_AUTO_SEEK_TO_LIVE)}set noAutoSeekToLive(e){M(this,h.NO_AUTO_SEEK_TO_LIVE,e)}get noVolumePref(){return L(this,h.NO_VOLUME_PREF)}set noVolumePref(e){M(this,h.NO_VOLUME_PREF,e)}get noMutedPref(){return L(this,h.NO_MUTED_PREF)}set noMutedPref(e){M(this,h.NO_MUTED_PREF,e)}get noSubtitlesLangPref(){return L(this,h.NO_SUBTITLES_LANG_PREF)}set noSubtitlesLangPref(e){M(this,h.NO_SUBTITLES_LANG_PREF,e)}get noDefaultStore(){return L(this,h.NO_DEFAULT_STORE)}set noDefaultStore(e){M(this,h.NO_DEFAULT_STORE,e)}get resolvedLang(){return Yo()}attributeChangedCallback(e,i,r){var n,a,o,l,c,m,p,_,E,f,A,T;if(super.attributeChangedCallback(e,i,r),e===h.NO_HOTKEYS)r!==i&&r===""?(this.hasAttribute(h.HOTKEYS)&&console.warn("Media Chrome: Both `hotkeys` and `nohotkeys` have been set. All hotkeys will be disabled."),this.disableHotkeys()):r!==i&&r===null&&this.enableHotkeys(),je(this,yi,Dr).call(this);else if(e===h.HOTKEYS)y(this,Ge).value=r,je(this,yi,Dr).call(this);else if(e===h.DEFAULT_SUBTITLES&&r!==i)(n=y(this,D))==null||n.dispatch({type:"optionschangerequest",detail:{defaultSubtitles:this.hasAttribute(h.DEFAULT_SUBTITLES)}});else if(e===h.DEFAULT_STREAM_TYPE)(o=y(this,D))==null||o.dispatch({type:"optionschangerequest",detail:{defaultStreamType:(a=this.getAttribute(h.DEFAULT_STREAM_TYPE))!=null?a:void 0}});else if(e===h.LIVE_EDGE_OFFSET&&r!==i)(l=y(this,D))==null||l.dispatch({type:"optionschangerequest",detail:{liveEdgeOffset:this.hasAttribute(h.LIVE_EDGE_OFFSET)?+this.getAttribute(h.LIVE_EDGE_OFFSET):void 0,seekToLiveOffset:this.hasAttribute(h.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(h.SEEK_TO_LIVE_OFFSET):this.hasAttribute(h.LIVE_EDGE_OFFSET)?+this.getAttribute(h.LIVE_EDGE_OFFSET):void 0}});else if(e===h.SEEK_TO_LIVE_OFFSET&&r!==i)(c=y(this,D))==null||c.dispatch({type:"optionschangerequest",detail:{seekToLiveOffset:this.hasAttribute(h.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(h.SEEK_TO_LIVE_OFFSET):this.hasAttribute(h.LIVE_EDGE_OFFSET)?+this.getAttribute(h.LIVE_EDGE_OFFSET):void 0}});else if(e===h.NO_AUTO_SEEK_TO_LIVE)(m=y(this,D))==null||m.dispatch({type:"optionschangerequest",detail:{noAutoSeekToLive:this.hasAttribute(h.NO_AUTO_SEEK_TO_LIVE)}});else if(e===h.FULLSCREEN_ELEMENT){let w=r?(p=this.getRootNode())==null?void 0:p.getElementById(r):void 0;we(this,_i,w),(_=y(this,D))==null||_.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement})}else e===h.LANG&&r!==i?(qo(r),(E=y(this,D))==null||E.dispatch({type:"optionschangerequest",detail:{mediaLang:r}})):e===h.LOOP&&r!==i?(f=y(this,D))==null||f.dispatch({type:g.MEDIA_LOOP_REQUEST,detail:r!=null}):e===h.NO_VOLUME_PREF&&r!==i?(A=y(this,D))==null||A.dispatch({type:"optionschangerequest",detail:{noVolumePref:this.hasAttribute(h.NO_VOLUME_PREF)}}):e===h.NO_MUTED_PREF&&r!==i&&((T=y(this,D))==null||T.dispatch({type:"optionschangerequest",detail:{noMutedPref:this.hasAttribute(h.NO_MUTED_PREF)}}))}connectedCallback(){var e,i,r;this.associateElement(this),!y(this,D)&&!this.hasAttribute(h.NO_DEFAULT_STORE)&&je(this,Mr,ra).call(this),(e=y(this,D))==null||e.dispatch({type:"documentelementchangerequest",detail:z}),(i=y(this,D))==null||i.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement}),super.connectedCallback(),y(this,D)&&!y(this,xe)&&we(this,xe,(r=y(this,D))==null?void 0:r.subscribe(y(this,Ai))),y(this,Ti)!==void 0&&y(this,D)&&this.media&&setTimeout(()=>{var n,a,o;(a=(n=this.media)==null?void 0:n.textTracks)!=null&&a.length&&((o=y(this,D))==null||o.dispatch({type:g.MEDIA_TOGGLE_SUBTITLES_REQUEST,detail:y(this,Ti)}))},0),this.hasAttribute(h.NO_HOTKEYS)?this.disableHotkeys():this.enableHotkeys()}disconnectedCallback(){var e,i,r,n,a,o;if((e=super.disconnectedCallback)==null||e.call(this),this.disableHotkeys(),y(this,D)){let l=y(this,D).getState();we(this,Ti,!!((i=l.mediaSubtitlesShowing)!=null&&i.length)),(r=y(this,D))==null||r.dispatch({type:"fullscreenelementchangerequest",detail:void 0}),(n=y(this,D))==null||n.dispatch({type:"documentelementchangerequest",detail:void 0}),(a=y(this,D))==null||a.dispatch({type:g.MEDIA_TOGGLE_SUBTITLES_REQUEST,detail:!1})}y(this,xe)&&((o=y(this,xe))==null||o.call(this),we(this,xe,void 0)),this.unassociateElement(this),y(this,ve)&&(y(this,ve).remove(),we(this,ve,null))}mediaSetCallback(e){var i;super.mediaSetCallback(e),(i=y(this,D))==null||i.dispatch({type:"mediaelementchangerequest",detail:e}),e.hasAttribute("tabindex")||(e.tabIndex=-1)}mediaUnsetCallback(e){var i;super.mediaUnsetCallback(e),(i=y(this,D))==null||i.dispatch({type:"mediaelementchangerequest",detail:void 0})}propagateMediaState(e,i){Ls(this.mediaStateReceivers,e,i)}associateElement(e){if(!e)return;let{associatedElementSubscriptions:i}=this;if(i.has(e))return;let r=this.registerMediaStateReceiver.bind(this),n=this.unregisterMediaStateReceiver.bind(this),a=kd(e,r,n);Object.values(g).forEach(o=>{e.addEventListener(o,y(this,Lr))}),i.set(e,a)}unassociateElement(e){if(!e)return;let{associatedElementSubscriptions:i}=this;if(!i.has(e))return;i.get(e)(),i.delete(e),Object.values(g).forEach(n=>{e.removeEventListener(n,y(this,Lr))})}registerMediaStateReceiver(e){if(!e)return;let i=this.mediaStateReceivers;i.indexOf(e)>-1||(i.push(e),y(this,D)&&Object.entries(y(this,D).getState()).forEach(([n,a])=>{Ls([e],n,a)}))}unregisterMediaStateReceiver(e){let i=this.mediaStateReceivers,r=i.indexOf(e);r<0||i.splice(r,1)}enableHotkeys(){this.addEventListener("keydown",je(this,Rr,na))}disableHotkeys(){this.removeEventListener("keydown",je(this,Rr,na)),this.removeEventListener("keyup",y(this,gt))}get hotkeys(){return y(this,Ge)}set hotkeys(e){x(this,h.HOTKEYS,e)}keyboardShortcutHandler(e){var i,r,n,a,o,l,c,m,p;let _=e.target;if(((n=(r=(i=_.getAttribute(h.KEYS_USED))==null?void 0:i.split(" "))!=null?r:_?.keysUsed)!=null?n:[]).map(b=>b==="Space"?" ":b).filter(Boolean).includes(e.key))return;let f,A,T;if(!(y(this,Ge).contains(br(e.key))||e.shiftKey&&(e.key==="/"||e.key==="?")&&y(this,Ge).contains("noshift+/")))switch(e.key){case" ":case"k":f=y(this,D).getState().mediaPaused?g.MEDIA_PLAY_REQUEST:g.MEDIA_PAUSE_REQUEST,this.dispatchEvent(new d.CustomEvent(f,{composed:!0,bubbles:!0}));break;case"m":f=this.mediaStore.getState().mediaVolumeLevel==="off"?g.MEDIA_UNMUTE_REQUEST:g.MEDIA_MUTE_REQUEST,this.dispatchEvent(new d.CustomEvent(f,{composed:!0,bubbles:!0}));break;case"f":f=this.mediaStore.getState().mediaIsFullscreen?g.MEDIA_EXIT_FULLSCREEN_REQUEST:g.MEDIA_ENTER_FULLSCREEN_REQUEST,this.dispatchEvent(new d.CustomEvent(f,{composed:!0,bubbles:!0}));break;case"c":this.dispatchEvent(new d.CustomEvent(g.MEDIA_TOGGLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0}));break;case"ArrowLeft":case"j":{let b=this.hasAttribute(h.KEYBOARD_BACKWARD_SEEK_OFFSET)?+this.getAttribute(h.KEYBOARD_BACKWARD_SEEK_OFFSET):ys;A=Math.max(((a=this.mediaStore.getState().mediaCurrentTime)!=null?a:0)-b,0),T=new d.CustomEvent(g.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:A}),this.dispatchEvent(T);break}case"ArrowRight":case"l":{let b=this.hasAttribute(h.KEYBOARD_FORWARD_SEEK_OFFSET)?+this.getAttribute(h.KEYBOARD_FORWARD_SEEK_OFFSET):ys;A=Math.max(((o=this.mediaStore.getState().mediaCurrentTime)!=null?o:0)+b,0),T=new d.CustomEvent(g.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:A}),this.dispatchEvent(T);break}case"ArrowUp":{let b=this.hasAttribute(h.KEYBOARD_UP_VOLUME_STEP)?+this.getAttribute(h.KEYBOARD_UP_VOLUME_STEP):Ss;A=Math.min(((l=this.mediaStore.getState().mediaVolume)!=null?l:1)+b,1),T=new d.CustomEvent(g.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:A}),this.dispatchEvent(T);break}case"ArrowDown":{let b=this.hasAttribute(h.KEYBOARD_DOWN_VOLUME_STEP)?+this.getAttribute(h.KEYBOARD_DOWN_VOLUME_STEP):Ss;A=Math.max(((c=this.mediaStore.getState().mediaVolume)!=null?c:1)-b,0),T=new d.CustomEvent(g.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:A}),this.dispatchEvent(T);break}case"<":{let b=(m=this.mediaStore.getState().mediaPlaybackRate)!=null?m:1;A=Math.max(b-Is,bd).toFixed(2),T=new d.CustomEvent(g.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:A}),this.dispatchEvent(T);break}case">":{let b=(p=this.mediaStore.getState().mediaPlaybackRate)!=null?p:1;A=Math.min(b+Is,_d).toFixed(2),T=new d.CustomEvent(g.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:A}),this.dispatchEvent(T);break}case"/":case"?":{e.shiftKey&&je(this,aa,Ms).call(this);break}case"p":{f=this.mediaStore.getState().mediaIsPip?g.MEDIA_EXIT_PIP_REQUEST:g.MEDIA_ENTER_PIP_REQUEST,T=new d.CustomEvent(f,{composed:!0,bubbles:!0}),this.dispatchEvent(T);break}default:break}}};Ge=new WeakMap;_i=new WeakMap;D=new WeakMap;ve=new WeakMap;Ai=new WeakMap;xe=new WeakMap;Lr=new WeakMap;Ti=new WeakMap;Mr=new WeakSet;ra=function(){var t;this.mediaStore=Ts({media:this.media,fullscreenElement:this.fullscreenElement,options:{defaultSubtitles:this.hasAttribute(h.DEFAULT_SUBTITLES),defaultDuration:this.hasAttribute(h.DEFAULT_DURATION)?+this.getAttribute(h.DEFAULT_DURATION):void 0,defaultStreamType:(t=this.getAttribute(h.DEFAULT_STREAM_TYPE))!=null?t:void 0,liveEdgeOffset:this.hasAttribute(h.LIVE_EDGE_OFFSET)?+this.getAttribute(h.LIVE_EDGE_OFFSET):void 0,seekToLiveOffset:this.hasAttribute(h.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(h.SEEK_TO_LIVE_OFFSET):this.hasAttribute(h.LIVE_EDGE_OFFSET)?+this.getAttribute(h.LIVE_EDGE_OFFSET):void 0,noAutoSeekToLive:this.hasAttribute(h.NO_AUTO_SEEK_TO_LIVE),noVolumePref:this.hasAttribute(h.NO_VOLUME_PREF),noMutedPref:this.hasAttribute(h.NO_MUTED_PREF),noSubtitlesLangPref:this.hasAttribute(h.NO_SUBTITLES_LANG_PREF)}})};gt=new WeakMap;Rr=new WeakSet;na=function(t){var e;let{metaKey:i,altKey:r,key:n,shiftKey:a}=t,o=a&&(n==="/"||n==="?");if(o&&((e=y(this,ve))!=null&&e.open)){this.removeEventListener("keyup",y(this,gt));return}if(i||r||!o&&!Rs.includes(n)){this.removeEventListener("keyup",y(this,gt));return}let l=t.target,c=l instanceof HTMLElement&&(l.tagName.toLowerCase()==="media-volume-range"||l.tagName.toLowerCase()==="media-time-range");[" ","ArrowLeft","ArrowRight","ArrowUp","ArrowDown"].includes(n)&&!y(this,Ge).contains(br(n))&&!c&&t.preventDefault(),this.addEventListener("keyup",y(this,gt),{once:!0})};yi=new WeakSet;Dr=function(){y(this,ve)&&(y(this,ve).hotkeys=y(this,Ge).value||void 0,(this.noHotkeys||y(this,Ge).contains("noshift+/"))&&(y(this,ve).open=!1))};aa=new WeakSet;Ms=function(){y(this,ve)||(we(this,ve,z.createElement("media-keyboard-shortcuts-dialog")),je(this,yi,Dr).call(this),this.appendChild(y(this,ve))),y(this,ve).open=!0};var Ad=Object.values(s),Td=Object.values(xn),Ds=t=>{var e,i,r,n;let{observedAttributes:a}=t.constructor;!a&&((e=t.nodeName)!=null&&e.includes("-"))&&(d.customElements.upgrade(t),{observedAttributes:a}=t.constructor);let o=(n=(r=(i=t?.getAttribute)==null?void 0:i.call(t,R.MEDIA_CHROME_ATTRIBUTES))==null?void 0:r.split)==null?void 0:n.call(r,/\s+/);return Array.isArray(a||o)?(a||o).filter(l=>Ad.includes(l)):[]},yd=t=>{var e,i;return(e=t.nodeName)!=null&&e.includes("-")&&d.customElements.get((i=t.nodeName)==null?void 0:i.toLowerCase())&&!(t instanceof d.customElements.get(t.nodeName.toLowerCase()))&&d.customElements.upgrade(t),Td.some(r=>r in t)},sa=t=>yd(t)||!!Ds(t).length,ks=t=>{var e;return(e=t?.join)==null?void 0:e.call(t,":")},ws={[s.MEDIA_SUBTITLES_LIST]:gi,[s.MEDIA_SUBTITLES_SHOWING]:gi,[s.MEDIA_SEEKABLE]:ks,[s.MEDIA_BUFFERED]:t=>t?.map(ks).join(" "),[s.MEDIA_PREVIEW_COORDS]:t=>t?.join(" "),[s.MEDIA_RENDITION_LIST]:as,[s.MEDIA_AUDIO_TRACK_LIST]:os},Sd=async(t,e,i)=>{var r,n;if(t.isConnected||await yr(0),typeof i=="boolean"||i==null)return M(t,e,i);if(typeof i=="number")return G(t,e,i);if(typeof i=="string")return x(t,e,i);if(Array.isArray(i)&&!i.length)return t.removeAttribute(e);let a=(n=(r=ws[e])==null?void 0:r.call(ws,i))!=null?n:i;return t.setAttribute(e,a)},Id=t=>{var e;return!!((e=t.closest)!=null&&e.call(t,'*[slot="media"]'))},Et=(t,e)=>{if(Id(t))return;let i=(n,a)=>{var o,l;sa(n)&&a(n);let{children:c=[]}=n??{},m=(l=(o=n?.shadowRoot)==null?void 0:o.children)!=null?l:[];[...c,...m].forEach(_=>Et(_,a))},r=t?.nodeName.toLowerCase();if(r.includes("-")&&!sa(t)){d.customElements.whenDefined(r).then(()=>{i(t,e)});return}i(t,e)},Ls=(t,e,i)=>{t.forEach(r=>{if(e in r){r[e]=i;return}let n=Ds(r),a=e.toLowerCase();n.includes(a)&&Sd(r,a,i)})},kd=(t,e,i)=>{Et(t,e);let r=p=>{var _;let E=(_=p?.composedPath()[0])!=null?_:p.target;e(E)},n=p=>{var _;let E=(_=p?.composedPath()[0])!=null?_:p.target;i(E)};t.addEventListener(g.REGISTER_MEDIA_STATE_RECEIVER,r),t.addEventListener(g.UNREGISTER_MEDIA_STATE_RECEIVER,n);let a=p=>{p.forEach(_=>{let{addedNodes:E=[],removedNodes:f=[],type:A,target:T,attributeName:w}=_;A==="childList"?(Array.prototype.forEach.call(E,b=>Et(b,e)),Array.prototype.forEach.call(f,b=>Et(b,i))):A==="attributes"&&w===R.MEDIA_CHROME_ATTRIBUTES&&(sa(T)?e(T):i(T))})},o=[],l=p=>{let _=p.target;_.name!=="media"&&(o.forEach(E=>Et(E,i)),o=[..._.assignedElements({flatten:!0})],o.forEach(E=>Et(E,e)))};t.addEventListener("slotchange",l);let c=new MutationObserver(a);return c.observe(t,{childList:!0,attributes:!0,subtree:!0}),()=>{Et(t,i),t.removeEventListener("slotchange",l),c.disconnect(),t.removeEventListener(g.REGISTER_MEDIA_STATE_RECEIVER,r),t.removeEventListener(g.UNREGISTER_MEDIA_STATE_RECEIVER,n)}};d.customElements.get("media-controller")||d.customElements.define("media-controller",oa);var Cs=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Cr=(t,e,i)=>(Cs(t,e,"read from private field"),i?i.call(t):e.get(t)),wd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},xr=(t,e,i,r)=>(Cs(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Oe;function Ld(t){return`
    <style>
      :host {
        
        box-sizing: border-box;
        display: var(--media-control-display, var(--media-control-bar-display, inline-flex));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        --media-loading-indicator-icon-height: 44px;
      }

      ::slotted(media-time-range),
      ::slotted(media-volume-range) {
        min-height: 100%;
      }

      ::slotted(media-time-range),
      ::slotted(media-clip-selector) {
        flex-grow: 1;
      }

      ::slotted([role="menu"]) {
        position: absolute;
      }
    </style>

    <slot></slot>
  `}var Si=class extends d.HTMLElement{constructor(){if(super(),wd(this,Oe,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[R.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===R.MEDIA_CONTROLLER&&(i&&((a=(n=Cr(this,Oe))==null?void 0:n.unassociateElement)==null||a.call(n,this),xr(this,Oe,null)),r&&this.isConnected&&(xr(this,Oe,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Cr(this,Oe))==null?void 0:l.associateElement)==null||c.call(l,this)))}connectedCallback(){var e,i,r;let n=this.getAttribute(R.MEDIA_CONTROLLER);n&&(xr(this,Oe,(e=this.getRootNode())==null?void 0:e.getElementById(n)),(r=(i=Cr(this,Oe))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Cr(this,Oe))==null?void 0:e.unassociateElement)==null||i.call(e,this),xr(this,Oe,null)}};Oe=new WeakMap;Si.shadowRootOptions={mode:"open"};Si.getTemplateHTML=Ld;d.customElements.get("media-control-bar")||d.customElements.define("media-control-bar",Si);var Kt={PLACEMENT:"placement",BOUNDS:"bounds"};function Md(t){return`
    <style>
      :host {
        --_tooltip-background-color: var(--media-tooltip-background-color, var(--media-secondary-color, rgba(20, 20, 30, .7)));
        --_tooltip-background: var(--media-tooltip-background, var(--_tooltip-background-color));
        --_tooltip-arrow-half-width: calc(var(--media-tooltip-arrow-width, 12px) / 2);
        --_tooltip-arrow-height: var(--media-tooltip-arrow-height, 5px);
        --_tooltip-arrow-background: var(--media-tooltip-arrow-color, var(--_tooltip-background-color));
        position: relative;
        pointer-events: none;
        display: var(--media-tooltip-display, inline-flex);
        justify-content: center;
        align-items: center;
        box-sizing: border-box;
        z-index: var(--media-tooltip-z-index, 1);
        background: var(--_tooltip-background);
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        font: var(--media-font,
          var(--media-font-weight, 400)
          var(--media-font-size, 13px) /
          var(--media-text-content-height, var(--media-control-height, 18px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        padding: var(--media-tooltip-padding, .35em .7em);
        border: var(--media-tooltip-border, none);
        border-radius: var(--media-tooltip-border-radius, 5px);
        filter: var(--media-tooltip-filter, drop-shadow(0 0 4px rgba(0, 0, 0, .2)));
        white-space: var(--media-tooltip-white-space, nowrap);
      }

      :host([hidden]) {
        display: none;
      }

      img, svg {
        display: inline-block;
      }

      #arrow {
        position: absolute;
        width: 0px;
        height: 0px;
        border-style: solid;
        display: var(--media-tooltip-arrow-display, block);
      }

      :host(:not([placement])),
      :host([placement="top"]) {
        position: absolute;
        bottom: calc(100% + var(--media-tooltip-distance, 12px));
        left: 50%;
        transform: translate(calc(-50% - var(--media-tooltip-offset-x, 0px)), 0);
      }
      :host(:not([placement])) #arrow,
      :host([placement="top"]) #arrow {
        top: 100%;
        left: 50%;
        border-width: var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width) 0 var(--_tooltip-arrow-half-width);
        border-color: var(--_tooltip-arrow-background) transparent transparent transparent;
        transform: translate(calc(-50% + var(--media-tooltip-offset-x, 0px)), 0);
      }

      :host([placement="right"]) {
        position: absolute;
        left: calc(100% + var(--media-tooltip-distance, 12px));
        top: 50%;
        transform: translate(0, -50%);
      }
      :host([placement="right"]) #arrow {
        top: 50%;
        right: 100%;
        border-width: var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width) 0;
        border-color: transparent var(--_tooltip-arrow-background) transparent transparent;
        transform: translate(0, -50%);
      }

      :host([placement="bottom"]) {
        position: absolute;
        top: calc(100% + var(--media-tooltip-distance, 12px));
        left: 50%;
        transform: translate(calc(-50% - var(--media-tooltip-offset-x, 0px)), 0);
      }
      :host([placement="bottom"]) #arrow {
        bottom: 100%;
        left: 50%;
        border-width: 0 var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width);
        border-color: transparent transparent var(--_tooltip-arrow-background) transparent;
        transform: translate(calc(-50% + var(--media-tooltip-offset-x, 0px)), 0);
      }

      :host([placement="left"]) {
        position: absolute;
        right: calc(100% + var(--media-tooltip-distance, 12px));
        top: 50%;
        transform: translate(0, -50%);
      }
      :host([placement="left"]) #arrow {
        top: 50%;
        left: 100%;
        border-width: var(--_tooltip-arrow-half-width) 0 var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height);
        border-color: transparent transparent transparent var(--_tooltip-arrow-background);
        transform: translate(0, -50%);
      }
      
      :host([placement="none"]) #arrow {
        display: none;
      }
    </style>
    <slot></slot>
    <div id="arrow"></div>
  `}var Gt=class extends d.HTMLElement{constructor(){if(super(),this.updateXOffset=()=>{var e;if(!dr(this,{checkOpacity:!1,checkVisibilityCSS:!1}))return;let i=this.placement;if(i==="left"||i==="right"){this.style.removeProperty("--media-tooltip-offset-x");return}let r=getComputedStyle(this),n=(e=ze(this,"#"+this.bounds))!=null?e:Bo(this);if(!n)return;let{x:a,width:o}=n.getBoundingClientRect(),{x:l,width:c}=this.getBoundingClientRect(),m=l+c,p=a+o,_=r.getPropertyValue("--media-tooltip-offset-x"),E=_?parseFloat(_.replace("px","")):0,f=r.getPropertyValue("--media-tooltip-container-margin"),A=f?parseFloat(f.replace("px","")):0,T=l-a+E-A,w=m-p+E+A;if(T<0){this.style.setProperty("--media-tooltip-offset-x",`${T}px`);return}if(w>0){this.style.setProperty("--media-tooltip-offset-x",`${w}px`);return}this.style.removeProperty("--media-tooltip-offset-x")},!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}if(this.arrowEl=this.shadowRoot.querySelector("#arrow"),Object.prototype.hasOwnProperty.call(this,"placement")){let e=this.placement;delete this.placement,this.placement=e}}static get observedAttributes(){return[Kt.PLACEMENT,Kt.BOUNDS]}get placement(){return O(this,Kt.PLACEMENT)}set placement(e){x(this,Kt.PLACEMENT,e)}get bounds(){return O(this,Kt.BOUNDS)}set bounds(e){x(this,Kt.BOUNDS,e)}};Gt.shadowRootOptions={mode:"open"};Gt.getTemplateHTML=Md;d.customElements.get("media-tooltip")||d.customElements.define("media-tooltip",Gt);var da=Gt;var ha=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Z=(t,e,i)=>(ha(t,e,"read from private field"),i?i.call(t):e.get(t)),bt=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Or=(t,e,i,r)=>(ha(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),xs=(t,e,i)=>(ha(t,e,"access private method"),i),Pe,Yt,ca,Os,tt,qt,Pr,ua,Ps,et={TOOLTIP_PLACEMENT:"tooltipplacement",DISABLED:"disabled",NO_TOOLTIP:"notooltip"};function Rd(t,e={}){return`
    <style>
      :host {
        position: relative;
        font: var(--media-font,
          var(--media-font-weight, bold)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        padding: var(--media-button-padding, var(--media-control-padding, 10px));
        justify-content: var(--media-button-justify-content, center);
        display: inline-flex;
        align-items: center;
        vertical-align: middle;
        box-sizing: border-box;
        transition: background .15s linear;
        pointer-events: auto;
        cursor: var(--media-cursor, pointer);
        -webkit-tap-highlight-color: transparent;
      }

      
      :host(:focus-visible) {
        box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: 0;
      }
      
      :host(:where(:focus)) {
        box-shadow: none;
        outline: 0;
      }

      :host(:hover) {
        background: var(--media-control-hover-background, rgba(50 50 70 / .7));
      }

      slot[name="icon"] {
        display: inline-flex;
        align-items: center;
      }

      svg, img, ::slotted(svg), ::slotted(img) {
        width: var(--media-button-icon-width);
        height: var(--media-button-icon-height, var(--media-control-height, 24px));
        transform: var(--media-button-icon-transform);
        transition: var(--media-button-icon-transition);
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        vertical-align: middle;
        max-width: 100%;
        max-height: 100%;
        min-width: 100%;
      }

      media-tooltip {
        
        max-width: 0;
        overflow-x: clip;
        opacity: 0;
        transition: opacity .3s, max-width 0s 9s;
      }

      :host(:hover) media-tooltip,
      :host(:focus-visible) media-tooltip {
        max-width: 100vw;
        opacity: 1;
        transition: opacity .3s;
      }

      :host([notooltip]) slot[name="tooltip"] {
        display: none;
      }
    </style>

    ${this.getSlotTemplateHTML(t,e)}

    <slot name="tooltip">
      <media-tooltip part="tooltip" aria-hidden="true">
        <template shadowrootmode="${da.shadowRootOptions.mode}">
          ${da.getTemplateHTML({})}
        </template>
        <slot name="tooltip-content">
          ${this.getTooltipContentHTML(t)}
        </slot>
      </media-tooltip>
    </slot>
  `}function Dd(t,e){return`
    <slot></slot>
  `}function Cd(){return""}var F=class extends d.HTMLElement{constructor(){if(super(),bt(this,ca),bt(this,ua),bt(this,Pe,void 0),this.preventClick=!1,this.tooltipEl=null,bt(this,Yt,e=>{this.preventClick||this.handleClick(e),setTimeout(Z(this,tt),0)}),bt(this,tt,()=>{var e,i;(i=(e=this.tooltipEl)==null?void 0:e.updateXOffset)==null||i.call(e)}),bt(this,qt,e=>{let{key:i}=e;if(!this.keysUsed.includes(i)){this.removeEventListener("keyup",Z(this,qt));return}this.preventClick||this.handleClick(e)}),bt(this,Pr,e=>{let{metaKey:i,altKey:r,key:n}=e;if(i||r||!this.keysUsed.includes(n)){this.removeEventListener("keyup",Z(this,qt));return}this.addEventListener("keyup",Z(this,qt),{once:!0})}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes),i=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(i):this.shadowRoot.innerHTML=i}this.tooltipEl=this.shadowRoot.querySelector("media-tooltip")}static get observedAttributes(){return["disabled",et.TOOLTIP_PLACEMENT,R.MEDIA_CONTROLLER,s.MEDIA_LANG]}enable(){this.addEventListener("click",Z(this,Yt)),this.addEventListener("keydown",Z(this,Pr)),this.tabIndex=0}disable(){this.removeEventListener("click",Z(this,Yt)),this.removeEventListener("keydown",Z(this,Pr)),this.removeEventListener("keyup",Z(this,qt)),this.tabIndex=-1}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===R.MEDIA_CONTROLLER?(i&&((a=(n=Z(this,Pe))==null?void 0:n.unassociateElement)==null||a.call(n,this),Or(this,Pe,null)),r&&this.isConnected&&(Or(this,Pe,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Z(this,Pe))==null?void 0:l.associateElement)==null||c.call(l,this))):e==="disabled"&&r!==i?r==null?this.enable():this.disable():e===et.TOOLTIP_PLACEMENT&&this.tooltipEl&&r!==i?this.tooltipEl.placement=r:e===s.MEDIA_LANG&&(this.shadowRoot.querySelector('slot[name="tooltip-content"]').innerHTML=this.constructor.getTooltipContentHTML()),xs(this,ca,Os).call(this)&&Z(this,tt).call(this)}connectedCallback(){var e,i,r;let{style:n}=H(this.shadowRoot,":host");n.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`),this.hasAttribute("disabled")?this.disable():this.enable(),this.setAttribute("role","button");let a=this.getAttribute(R.MEDIA_CONTROLLER);a&&(Or(this,Pe,(e=this.getRootNode())==null?void 0:e.getElementById(a)),(r=(i=Z(this,Pe))==null?void 0:i.associateElement)==null||r.call(i,this)),d.customElements.whenDefined("media-tooltip").then(()=>xs(this,ua,Ps).call(this))}disconnectedCallback(){var e,i;this.disable(),(i=(e=Z(this,Pe))==null?void 0:e.unassociateElement)==null||i.call(e,this),Or(this,Pe,null),this.removeEventListener("mouseenter",Z(this,tt)),this.removeEventListener("focus",Z(this,tt)),this.removeEventListener("click",Z(this,Yt))}get keysUsed(){return["Enter"," "]}get tooltipPlacement(){return O(this,et.TOOLTIP_PLACEMENT)}set tooltipPlacement(e){x(this,et.TOOLTIP_PLACEMENT,e)}get mediaController(){return O(this,R.MEDIA_CONTROLLER)}set mediaController(e){x(this,R.MEDIA_CONTROLLER,e)}get disabled(){return L(this,et.DISABLED)}set disabled(e){M(this,et.DISABLED,e)}get noTooltip(){return L(this,et.NO_TOOLTIP)}set noTooltip(e){M(this,et.NO_TOOLTIP,e)}handleClick(e){}};Pe=new WeakMap;Yt=new WeakMap;ca=new WeakSet;Os=function(){try{return this.matches(":hover, :focus-visible")}catch{return this.matches(":hover, :focus")}};tt=new WeakMap;qt=new WeakMap;Pr=new WeakMap;ua=new WeakSet;Ps=function(){this.addEventListener("mouseenter",Z(this,tt)),this.addEventListener("focus",Z(this,tt)),this.addEventListener("click",Z(this,Yt));let t=this.tooltipPlacement;t&&this.tooltipEl&&(this.tooltipEl.placement=t)};F.shadowRootOptions={mode:"open"};F.getTemplateHTML=Rd;F.getSlotTemplateHTML=Dd;F.getTooltipContentHTML=Cd;d.customElements.get("media-chrome-button")||d.customElements.define("media-chrome-button",F);var xd=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="m6 21 15-9L6 3v18Z"/>
</svg>`,Od=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M6 20h4V4H6v16Zm8-16v16h4V4h-4Z"/>
</svg>`;function Pd(t){return`
    <style>
      :host([${s.MEDIA_PAUSED}]) slot[name=pause],
      :host(:not([${s.MEDIA_PAUSED}])) slot[name=play] {
        display: none !important;
      }

      :host([${s.MEDIA_PAUSED}]) slot[name=tooltip-pause],
      :host(:not([${s.MEDIA_PAUSED}])) slot[name=tooltip-play] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="play">${xd}</slot>
      <slot name="pause">${Od}</slot>
    </slot>
  `}function Ud(){return`
    <slot name="tooltip-play">${I("Play")}</slot>
    <slot name="tooltip-pause">${I("Pause")}</slot>
  `}var Us=t=>{let e=t.mediaPaused?I("play"):I("pause");t.setAttribute("aria-label",e)},Ii=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_PAUSED,s.MEDIA_ENDED]}connectedCallback(){super.connectedCallback(),Us(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),(e===s.MEDIA_PAUSED||e===s.MEDIA_LANG)&&Us(this)}get mediaPaused(){return L(this,s.MEDIA_PAUSED)}set mediaPaused(e){M(this,s.MEDIA_PAUSED,e)}handleClick(){let e=this.mediaPaused?g.MEDIA_PLAY_REQUEST:g.MEDIA_PAUSE_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};Ii.getSlotTemplateHTML=Pd;Ii.getTooltipContentHTML=Ud;d.customElements.get("media-play-button")||d.customElements.define("media-play-button",Ii);var Nd=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M16.5 12A4.5 4.5 0 0 0 14 8v2.18l2.45 2.45a4.22 4.22 0 0 0 .05-.63Zm2.5 0a6.84 6.84 0 0 1-.54 2.64L20 16.15A8.8 8.8 0 0 0 21 12a9 9 0 0 0-7-8.77v2.06A7 7 0 0 1 19 12ZM4.27 3 3 4.27 7.73 9H3v6h4l5 5v-6.73l4.25 4.25A6.92 6.92 0 0 1 14 18.7v2.06A9 9 0 0 0 17.69 19l2 2.05L21 19.73l-9-9L4.27 3ZM12 4 9.91 6.09 12 8.18V4Z"/>
</svg>`,Ns=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M3 9v6h4l5 5V4L7 9H3Zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.47 4.47 0 0 0 2.5-4Z"/>
</svg>`,Hd=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M3 9v6h4l5 5V4L7 9H3Zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.47 4.47 0 0 0 2.5-4ZM14 3.23v2.06a7 7 0 0 1 0 13.42v2.06a9 9 0 0 0 0-17.54Z"/>
</svg>`;function $d(t){return`
    <style>
      :host(:not([${s.MEDIA_VOLUME_LEVEL}])) slot[name=icon] slot:not([name=high]),
      :host([${s.MEDIA_VOLUME_LEVEL}=high]) slot[name=icon] slot:not([name=high]) {
        display: none !important;
      }

      :host([${s.MEDIA_VOLUME_LEVEL}=off]) slot[name=icon] slot:not([name=off]) {
        display: none !important;
      }

      :host([${s.MEDIA_VOLUME_LEVEL}=low]) slot[name=icon] slot:not([name=low]) {
        display: none !important;
      }

      :host([${s.MEDIA_VOLUME_LEVEL}=medium]) slot[name=icon] slot:not([name=medium]) {
        display: none !important;
      }

      :host(:not([${s.MEDIA_VOLUME_LEVEL}=off])) slot[name=tooltip-unmute],
      :host([${s.MEDIA_VOLUME_LEVEL}=off]) slot[name=tooltip-mute] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="off">${Nd}</slot>
      <slot name="low">${Ns}</slot>
      <slot name="medium">${Ns}</slot>
      <slot name="high">${Hd}</slot>
    </slot>
  `}function Fd(){return`
    <slot name="tooltip-mute">${I("Mute")}</slot>
    <slot name="tooltip-unmute">${I("Unmute")}</slot>
  `}var Hs=t=>{let i=t.mediaVolumeLevel==="off"?I("unmute"):I("mute");t.setAttribute("aria-label",i)},ki=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_VOLUME_LEVEL]}connectedCallback(){super.connectedCallback(),Hs(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_VOLUME_LEVEL&&Hs(this)}get mediaVolumeLevel(){return O(this,s.MEDIA_VOLUME_LEVEL)}set mediaVolumeLevel(e){x(this,s.MEDIA_VOLUME_LEVEL,e)}handleClick(){let e=this.mediaVolumeLevel==="off"?g.MEDIA_UNMUTE_REQUEST:g.MEDIA_MUTE_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};ki.getSlotTemplateHTML=$d;ki.getTooltipContentHTML=Fd;d.customElements.get("media-mute-button")||d.customElements.define("media-mute-button",ki);var ba=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},K=(t,e,i)=>(ba(t,e,"read from private field"),i?i.call(t):e.get(t)),ae=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},it=(t,e,i,r)=>(ba(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Le=(t,e,i)=>(ba(t,e,"access private method"),i),Ue,Gr,Ur,Nr,Me,Vr,Hr,$r,Fr,_a,$s,Br,ma,Wr,pa,Kr,Aa,fa,Fs,va,Bs,Ea,Ws,ga,Vs;function Bd(t){return`
    <style>
      :host {
        --_focus-box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        --_media-range-padding: var(--media-range-padding, var(--media-control-padding, 10px));

        box-shadow: var(--_focus-visible-box-shadow, none);
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        height: calc(var(--media-control-height, 24px) + 2 * var(--_media-range-padding));
        display: inline-flex;
        align-items: center;
        
        vertical-align: middle;
        box-sizing: border-box;
        position: relative;
        width: 100px;
        transition: background .15s linear;
        cursor: var(--media-cursor, pointer);
        pointer-events: auto;
        touch-action: none; 
      }

      
      input[type=range]:focus {
        outline: 0;
      }
      input[type=range]:focus::-webkit-slider-runnable-track {
        outline: 0;
      }

      :host(:hover) {
        background: var(--media-control-hover-background, rgb(50 50 70 / .7));
      }

      #leftgap {
        padding-left: var(--media-range-padding-left, var(--_media-range-padding));
      }

      #rightgap {
        padding-right: var(--media-range-padding-right, var(--_media-range-padding));
      }

      #startpoint,
      #endpoint {
        position: absolute;
      }

      #endpoint {
        right: 0;
      }

      #container {
        
        width: var(--media-range-track-width, 100%);
        transform: translate(var(--media-range-track-translate-x, 0px), var(--media-range-track-translate-y, 0px));
        position: relative;
        height: 100%;
        display: flex;
        align-items: center;
        min-width: 40px;
      }

      #range {
        
        display: var(--media-time-range-hover-display, block);
        bottom: var(--media-time-range-hover-bottom, 0);
        height: var(--media-time-range-hover-height, max(100% , 25px));
        width: 100%;
        position: absolute;
        cursor: var(--media-cursor, pointer);

        -webkit-appearance: none; 
        -webkit-tap-highlight-color: transparent;
        background: transparent; 
        margin: 0;
        z-index: 1;
      }

      @media (hover: hover) {
        #range {
          bottom: var(--media-time-range-hover-bottom, 0);
          height: var(--media-time-range-hover-height, max(100%, 20px));
        }
      }

      
      
      #range::-webkit-slider-thumb {
        -webkit-appearance: none;
        background: transparent;
        width: .1px;
        height: .1px;
      }

      
      #range::-moz-range-thumb {
        background: transparent;
        border: transparent;
        width: .1px;
        height: .1px;
      }

      #appearance {
        height: var(--media-range-track-height, 4px);
        display: flex;
        flex-direction: column;
        justify-content: center;
        width: 100%;
        position: absolute;
        
        will-change: transform;
      }

      #track {
        background: var(--media-range-track-background, rgb(255 255 255 / .2));
        border-radius: var(--media-range-track-border-radius, 1px);
        border: var(--media-range-track-border, none);
        outline: var(--media-range-track-outline);
        outline-offset: var(--media-range-track-outline-offset);
        backdrop-filter: var(--media-range-track-backdrop-filter);
        -webkit-backdrop-filter: var(--media-range-track-backdrop-filter);
        box-shadow: var(--media-range-track-box-shadow, none);
        position: absolute;
        width: 100%;
        height: 100%;
        overflow: hidden;
      }

      #progress,
      #pointer {
        position: absolute;
        height: 100%;
        will-change: width;
      }

      #progress {
        background: var(--media-range-bar-color, var(--media-primary-color, rgb(238 238 238)));
        transition: var(--media-range-track-transition);
      }

      #pointer {
        background: var(--media-range-track-pointer-background);
        border-right: var(--media-range-track-pointer-border-right);
        transition: visibility .25s, opacity .25s;
        visibility: hidden;
        opacity: 0;
      }

      @media (hover: hover) {
        :host(:hover) #pointer {
          transition: visibility .5s, opacity .5s;
          visibility: visible;
          opacity: 1;
        }
      }

      #thumb,
      ::slotted([slot=thumb]) {
        width: var(--media-range-thumb-width, 10px);
        height: var(--media-range-thumb-height, 10px);
        transition: var(--media-range-thumb-transition);
        transform: var(--media-range-thumb-transform, none);
        opacity: var(--media-range-thumb-opacity, 1);
        translate: -50%;
        position: absolute;
        left: 0;
        cursor: var(--media-cursor, pointer);
      }

      #thumb {
        border-radius: var(--media-range-thumb-border-radius, 10px);
        background: var(--media-range-thumb-background, var(--media-primary-color, rgb(238 238 238)));
        box-shadow: var(--media-range-thumb-box-shadow, 1px 1px 1px transparent);
        border: var(--media-range-thumb-border, none);
      }

      :host([disabled]) #thumb {
        background-color: #777;
      }

      .segments #appearance {
        height: var(--media-range-segment-hover-height, 7px);
      }

      #track {
        clip-path: url(#segments-clipping);
      }

      #segments {
        --segments-gap: var(--media-range-segments-gap, 2px);
        position: absolute;
        width: 100%;
        height: 100%;
      }

      #segments-clipping {
        transform: translateX(calc(var(--segments-gap) / 2));
      }

      #segments-clipping:empty {
        display: none;
      }

      #segments-clipping rect {
        height: var(--media-range-track-height, 4px);
        y: calc((var(--media-range-segment-hover-height, 7px) - var(--media-range-track-height, 4px)) / 2);
        transition: var(--media-range-segment-transition, transform .1s ease-in-out);
        transform: var(--media-range-segment-transform, scaleY(1));
        transform-origin: center;
      }

      /* Visible label for accessibility - positioned off-screen but technically visible (Firefox requires visible labels) */
      #range-label {
        position: absolute;
        left: -10000px;
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        pointer-events: none;
      }
    </style>
    <div id="leftgap"></div>
    <div id="container">
      <div id="startpoint"></div>
      <div id="endpoint"></div>
      <div id="appearance">
        <div id="track" part="track">
          <div id="pointer"></div>
          <div id="progress" part="progress"></div>
        </div>
        <slot name="thumb">
          <div id="thumb" part="thumb"></div>
        </slot>
        <svg id="segments" aria-hidden="true"><clipPath id="segments-clipping"></clipPath></svg>
      </div>
        <input id="range" type="range" min="0" max="1" step="any" value="0">
        <label for="range" id="range-label"></label>

      ${this.getContainerTemplateHTML(t)}
    </div>
    <div id="rightgap"></div>
  `}function Wd(t){return""}var Ne=class extends d.HTMLElement{constructor(){if(super(),ae(this,_a),ae(this,Br),ae(this,Wr),ae(this,Kr),ae(this,fa),ae(this,va),ae(this,Ea),ae(this,ga),ae(this,Ue,void 0),ae(this,Gr,void 0),ae(this,Ur,void 0),ae(this,Nr,void 0),ae(this,Me,{}),ae(this,Vr,[]),ae(this,Hr,()=>{if(this.range.matches(":focus-visible")){let{style:e}=H(this.shadowRoot,":host");e.setProperty("--_focus-visible-box-shadow","var(--_focus-box-shadow)")}}),ae(this,$r,()=>{let{style:e}=H(this.shadowRoot,":host");e.removeProperty("--_focus-visible-box-shadow")}),ae(this,Fr,()=>{let e=this.shadowRoot.querySelector("#segments-clipping");e&&e.parentNode.append(e)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes),i=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(i):this.shadowRoot.innerHTML=i}this.container=this.shadowRoot.querySelector("#container"),it(this,Ur,this.shadowRoot.querySelector("#startpoint")),it(this,Nr,this.shadowRoot.querySelector("#endpoint")),this.range=this.shadowRoot.querySelector("#range"),this.appearance=this.shadowRoot.querySelector("#appearance")}static get observedAttributes(){return["disabled","aria-disabled",R.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===R.MEDIA_CONTROLLER?(i&&((a=(n=K(this,Ue))==null?void 0:n.unassociateElement)==null||a.call(n,this),it(this,Ue,null)),r&&this.isConnected&&(it(this,Ue,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=K(this,Ue))==null?void 0:l.associateElement)==null||c.call(l,this))):(e==="disabled"||e==="aria-disabled"&&i!==r)&&(r==null?(this.range.removeAttribute(e),Le(this,Br,ma).call(this)):(this.range.setAttribute(e,r),Le(this,Wr,pa).call(this)))}connectedCallback(){var e,i,r;let{style:n}=H(this.shadowRoot,":host");n.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`),K(this,Me).pointer=H(this.shadowRoot,"#pointer"),K(this,Me).progress=H(this.shadowRoot,"#progress"),K(this,Me).thumb=H(this.shadowRoot,'#thumb, ::slotted([slot="thumb"])'),K(this,Me).activeSegment=H(this.shadowRoot,"#segments-clipping rect:nth-child(0)");let a=this.getAttribute(R.MEDIA_CONTROLLER);a&&(it(this,Ue,(e=this.getRootNode())==null?void 0:e.getElementById(a)),(r=(i=K(this,Ue))==null?void 0:i.associateElement)==null||r.call(i,this)),this.updateBar(),this.shadowRoot.addEventListener("focusin",K(this,Hr)),this.shadowRoot.addEventListener("focusout",K(this,$r)),Le(this,Br,ma).call(this),ar(this.container,K(this,Fr))}disconnectedCallback(){var e,i;Le(this,Wr,pa).call(this),(i=(e=K(this,Ue))==null?void 0:e.unassociateElement)==null||i.call(e,this),it(this,Ue,null),this.shadowRoot.removeEventListener("focusin",K(this,Hr)),this.shadowRoot.removeEventListener("focusout",K(this,$r)),or(this.container,K(this,Fr))}updatePointerBar(e){var i;(i=K(this,Me).pointer)==null||i.style.setProperty("width",`${this.getPointerRatio(e)*100}%`)}updateBar(){var e,i;let r=this.range.valueAsNumber*100;(e=K(this,Me).progress)==null||e.style.setProperty("width",`${r}%`),(i=K(this,Me).thumb)==null||i.style.setProperty("left",`${r}%`)}updateSegments(e){let i=this.shadowRoot.querySelector("#segments-clipping");if(i.textContent="",this.container.classList.toggle("segments",!!e?.length),!e?.length)return;let r=[...new Set([+this.range.min,...e.flatMap(a=>[a.start,a.end]),+this.range.max])];it(this,Vr,[...r]);let n=r.pop();for(let[a,o]of r.entries()){let[l,c]=[a===0,a===r.length-1],m=l?"calc(var(--segments-gap) / -1)":`${o*100}%`,_=`calc(${((c?n:r[a+1])-o)*100}%${l||c?"":" - var(--segments-gap)"})`,E=z.createElementNS("http://www.w3.org/2000/svg","rect"),f=Un(this.shadowRoot,`#segments-clipping rect:nth-child(${a+1})`);f.style.setProperty("x",m),f.style.setProperty("width",_),i.append(E)}}getPointerRatio(e){return Wo(e.clientX,e.clientY,K(this,Ur).getBoundingClientRect(),K(this,Nr).getBoundingClientRect())}get dragging(){return this.hasAttribute("dragging")}handleEvent(e){switch(e.type){case"pointermove":Le(this,ga,Vs).call(this,e);break;case"input":this.updateBar();break;case"pointerenter":Le(this,fa,Fs).call(this,e);break;case"pointerdown":Le(this,Kr,Aa).call(this,e);break;case"pointerup":Le(this,va,Bs).call(this);break;case"pointerleave":Le(this,Ea,Ws).call(this);break}}get keysUsed(){return["ArrowUp","ArrowRight","ArrowDown","ArrowLeft"]}};Ue=new WeakMap;Gr=new WeakMap;Ur=new WeakMap;Nr=new WeakMap;Me=new WeakMap;Vr=new WeakMap;Hr=new WeakMap;$r=new WeakMap;Fr=new WeakMap;_a=new WeakSet;$s=function(t){let e=K(this,Me).activeSegment;if(!e)return;let i=this.getPointerRatio(t),n=`#segments-clipping rect:nth-child(${K(this,Vr).findIndex((a,o,l)=>{let c=l[o+1];return c!=null&&i>=a&&i<=c})+1})`;(e.selectorText!=n||!e.style.transform)&&(e.selectorText=n,e.style.setProperty("transform","var(--media-range-segment-hover-transform, scaleY(2))"))};Br=new WeakSet;ma=function(){this.hasAttribute("disabled")||!this.isConnected||(this.addEventListener("input",this),this.addEventListener("pointerdown",this),this.addEventListener("pointerenter",this))};Wr=new WeakSet;pa=function(){var t,e;this.removeEventListener("input",this),this.removeEventListener("pointerdown",this),this.removeEventListener("pointerenter",this),this.removeEventListener("pointerleave",this),(t=d.window)==null||t.removeEventListener("pointerup",this),(e=d.window)==null||e.removeEventListener("pointermove",this)};Kr=new WeakSet;Aa=function(t){var e;it(this,Gr,t.composedPath().includes(this.range)),(e=d.window)==null||e.addEventListener("pointerup",this,{once:!0})};fa=new WeakSet;Fs=function(t){var e;t.pointerType!=="mouse"&&Le(this,Kr,Aa).call(this,t),this.addEventListener("pointerleave",this,{once:!0}),(e=d.window)==null||e.addEventListener("pointermove",this)};va=new WeakSet;Bs=function(){var t;(t=d.window)==null||t.removeEventListener("pointerup",this),this.toggleAttribute("dragging",!1),this.range.disabled=this.hasAttribute("disabled")};Ea=new WeakSet;Ws=function(){var t,e;this.removeEventListener("pointerleave",this),(t=d.window)==null||t.removeEventListener("pointermove",this),this.toggleAttribute("dragging",!1),this.range.disabled=this.hasAttribute("disabled"),(e=K(this,Me).activeSegment)==null||e.style.removeProperty("transform")};ga=new WeakSet;Vs=function(t){t.pointerType==="pen"&&t.buttons===0||(this.toggleAttribute("dragging",t.buttons===1||t.pointerType!=="mouse"),this.updatePointerBar(t),Le(this,_a,$s).call(this,t),this.dragging&&(t.pointerType!=="mouse"||!K(this,Gr))&&(this.range.disabled=!0,this.range.valueAsNumber=this.getPointerRatio(t),this.range.dispatchEvent(new Event("input",{bubbles:!0,composed:!0}))))};Ne.shadowRootOptions={mode:"open"};Ne.getTemplateHTML=Bd;Ne.getContainerTemplateHTML=Wd;d.customElements.get("media-chrome-range")||d.customElements.define("media-chrome-range",Ne);var Vd=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Ks=(t,e,i)=>(Vd(t,e,"read from private field"),i?i.call(t):e.get(t)),Kd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},qr,Gd=1,qd=t=>t.mediaMuted?0:t.mediaVolume,Yd=t=>`${Math.round(t*100)}%`,Ta=class extends Ne{constructor(){super(...arguments),Kd(this,qr,()=>{let e=this.range.value,i=new d.CustomEvent(g.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)})}static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_VOLUME,s.MEDIA_MUTED,s.MEDIA_VOLUME_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),this.range.setAttribute("aria-label",I("volume")),this.range.addEventListener("input",Ks(this,qr))}disconnectedCallback(){this.range.removeEventListener("input",Ks(this,qr)),super.disconnectedCallback()}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),(e===s.MEDIA_VOLUME||e===s.MEDIA_MUTED)&&(this.range.valueAsNumber=qd(this),this.range.setAttribute("aria-valuetext",Yd(this.range.valueAsNumber)),this.updateBar())}get mediaVolume(){return $(this,s.MEDIA_VOLUME,Gd)}set mediaVolume(e){G(this,s.MEDIA_VOLUME,e)}get mediaMuted(){return L(this,s.MEDIA_MUTED)}set mediaMuted(e){M(this,s.MEDIA_MUTED,e)}get mediaVolumeUnavailable(){return O(this,s.MEDIA_VOLUME_UNAVAILABLE)}set mediaVolumeUnavailable(e){x(this,s.MEDIA_VOLUME_UNAVAILABLE,e)}};qr=new WeakMap;d.customElements.get("media-volume-range")||d.customElements.define("media-volume-range",Ta);var Gs=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Yr=(t,e,i)=>(Gs(t,e,"read from private field"),i?i.call(t):e.get(t)),zd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},zr=(t,e,i,r)=>(Gs(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),He;function Qd(t){return`
    <style>
      :host {
        box-sizing: border-box;
        display: var(--media-control-display, var(--media-preview-thumbnail-display, inline-block));
        overflow: hidden;
      }

      img {
        display: none;
        position: relative;
      }
    </style>
    <img crossorigin loading="eager" decoding="async">
  `}var zt=class extends d.HTMLElement{constructor(){if(super(),zd(this,He,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[R.MEDIA_CONTROLLER,s.MEDIA_PREVIEW_IMAGE,s.MEDIA_PREVIEW_COORDS]}connectedCallback(){var e,i,r;let n=this.getAttribute(R.MEDIA_CONTROLLER);n&&(zr(this,He,(e=this.getRootNode())==null?void 0:e.getElementById(n)),(r=(i=Yr(this,He))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Yr(this,He))==null?void 0:e.unassociateElement)==null||i.call(e,this),zr(this,He,null)}attributeChangedCallback(e,i,r){var n,a,o,l,c;[s.MEDIA_PREVIEW_IMAGE,s.MEDIA_PREVIEW_COORDS].includes(e)&&this.update(),e===R.MEDIA_CONTROLLER&&(i&&((a=(n=Yr(this,He))==null?void 0:n.unassociateElement)==null||a.call(n,this),zr(this,He,null)),r&&this.isConnected&&(zr(this,He,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Yr(this,He))==null?void 0:l.associateElement)==null||c.call(l,this)))}get mediaPreviewImage(){return O(this,s.MEDIA_PREVIEW_IMAGE)}set mediaPreviewImage(e){x(this,s.MEDIA_PREVIEW_IMAGE,e)}get mediaPreviewCoords(){let e=this.getAttribute(s.MEDIA_PREVIEW_COORDS);if(e)return e.split(/\s+/).map(i=>+i)}set mediaPreviewCoords(e){if(!e){this.removeAttribute(s.MEDIA_PREVIEW_COORDS);return}this.setAttribute(s.MEDIA_PREVIEW_COORDS,e.join(" "))}update(){let e=this.mediaPreviewCoords,i=this.mediaPreviewImage;if(!(e&&i))return;let[r,n,a,o]=e,l=i.split("#")[0],c=getComputedStyle(this),{maxWidth:m,maxHeight:p,minWidth:_,minHeight:E}=c,f=c.getPropertyValue("--media-preview-thumbnail-object-fit").trim()||"contain",A,T;if(f==="fill"){let J=parseInt(m)/a,Te=parseInt(p)/o,S=parseInt(_)/a,re=parseInt(E)/o;A=J<1?J:Math.max(J,S),T=Te<1?Te:Math.max(Te,re)}else{let J=Math.min(parseInt(m)/a,parseInt(p)/o),Te=Math.max(parseInt(_)/a,parseInt(E)/o),re=J<1?J:Te>1?Te:1;A=re,T=re}let{style:w}=H(this.shadowRoot,":host"),b=H(this.shadowRoot,"img").style,v=this.shadowRoot.querySelector("img"),C=Math.min(A,T)<1?"min":"max";w.setProperty(`${C}-width`,"initial","important"),w.setProperty(`${C}-height`,"initial","important"),w.width=`${a*A}px`,w.height=`${o*T}px`;let N=()=>{b.width=`${this.imgWidth*A}px`,b.height=`${this.imgHeight*T}px`,b.display="block"};v.src!==l&&(v.onload=()=>{this.imgWidth=v.naturalWidth,this.imgHeight=v.naturalHeight,N(),v.onload=null},v.src=l,N()),N(),b.transform=`translate(-${r*A}px, -${n*T}px)`}};He=new WeakMap;zt.shadowRootOptions={mode:"open"};zt.getTemplateHTML=Qd;d.customElements.get("media-preview-thumbnail")||d.customElements.define("media-preview-thumbnail",zt);var ya=zt;var qs=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Qr=(t,e,i)=>(qs(t,e,"read from private field"),i?i.call(t):e.get(t)),Zd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Zr=(t,e,i,r)=>(qs(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),$e;function Xd(t,e={}){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        background: var(--media-text-background, var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7))));
        padding: var(--media-control-padding, 10px);
        display: inline-flex;
        justify-content: center;
        align-items: center;
        vertical-align: middle;
        box-sizing: border-box;
        text-align: center;
        pointer-events: auto;
      }

      
      :host(:focus-visible) {
        box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: 0;
      }

      
      :host(:where(:focus)) {
        box-shadow: none;
        outline: 0;
      }
    </style>

    ${this.getSlotTemplateHTML(t,e)}
  `}function Jd(t,e){return`
    <slot></slot>
  `}var be=class extends d.HTMLElement{constructor(){if(super(),Zd(this,$e,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[R.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===R.MEDIA_CONTROLLER&&(i&&((a=(n=Qr(this,$e))==null?void 0:n.unassociateElement)==null||a.call(n,this),Zr(this,$e,null)),r&&this.isConnected&&(Zr(this,$e,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Qr(this,$e))==null?void 0:l.associateElement)==null||c.call(l,this)))}connectedCallback(){var e,i,r;let{style:n}=H(this.shadowRoot,":host");n.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`);let a=this.getAttribute(R.MEDIA_CONTROLLER);a&&(Zr(this,$e,(e=this.getRootNode())==null?void 0:e.getElementById(a)),(r=(i=Qr(this,$e))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Qr(this,$e))==null?void 0:e.unassociateElement)==null||i.call(e,this),Zr(this,$e,null)}};$e=new WeakMap;be.shadowRootOptions={mode:"open"};be.getTemplateHTML=Xd;be.getSlotTemplateHTML=Jd;d.customElements.get("media-text-display")||d.customElements.define("media-text-display",be);var Ys=[{singular:"hour",plural:"hours"},{singular:"minute",plural:"minutes"},{singular:"second",plural:"seconds"}],zs=(t,e)=>{let i=t===1?I(Ys[e].singular):I(Ys[e].plural);return`${t} ${i}`},_t=t=>{if(!Bt(t))return"";let e=Math.abs(t),i=e!==t,r=new Date(0,0,0,0,0,e,0),a=[r.getHours(),r.getMinutes(),r.getSeconds()].map((o,l)=>o&&zs(o,l)).filter(o=>o).join(", ");return i?I("{time} remaining",{time:a}):e===0?zs(0,2):a};function At(t,e){let i=!1;t<0&&(i=!0,t=0-t),t=t<0?0:t;let r=Math.floor(t%60),n=Math.floor(t/60%60),a=Math.floor(t/3600),o=Math.floor(e/60%60),l=Math.floor(e/3600);return(isNaN(t)||t===1/0)&&(a=n=r="0"),a=a>0||l>0?a+":":"",n=((a||o>=10)&&n<10?"0"+n:n)+":",r=r<10?"0"+r:r,(i?"-":"")+a+n+r}var $m=Object.freeze({length:0,start(t){let e=t>>>0;if(e>=this.length)throw new DOMException(`Failed to execute 'start' on 'TimeRanges': The index provided (${e}) is greater than or equal to the maximum bound (${this.length}).`);return 0},end(t){let e=t>>>0;if(e>=this.length)throw new DOMException(`Failed to execute 'end' on 'TimeRanges': The index provided (${e}) is greater than or equal to the maximum bound (${this.length}).`);return 0}});var Zs=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Qs=(t,e,i)=>(Zs(t,e,"read from private field"),i?i.call(t):e.get(t)),jd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},ec=(t,e,i,r)=>(Zs(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),wi,Sa=class extends be{constructor(){super(),jd(this,wi,void 0),ec(this,wi,this.shadowRoot.querySelector("slot")),Qs(this,wi).textContent=At(0)}static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_PREVIEW_TIME]}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_PREVIEW_TIME&&r!=null&&(Qs(this,wi).textContent=At(parseFloat(r)))}get mediaPreviewTime(){return $(this,s.MEDIA_PREVIEW_TIME)}set mediaPreviewTime(e){G(this,s.MEDIA_PREVIEW_TIME,e)}};wi=new WeakMap;d.customElements.get("media-preview-time-display")||d.customElements.define("media-preview-time-display",Sa);var Xs=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},tc=(t,e,i)=>(Xs(t,e,"read from private field"),i?i.call(t):e.get(t)),ic=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},rc=(t,e,i,r)=>(Xs(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Xr,Ia=class extends be{constructor(){super(),ic(this,Xr,void 0),rc(this,Xr,this.shadowRoot.querySelector("slot"))}static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_PREVIEW_CHAPTER,s.MEDIA_LANG]}attributeChangedCallback(e,i,r){if(super.attributeChangedCallback(e,i,r),(e===s.MEDIA_PREVIEW_CHAPTER||e===s.MEDIA_LANG)&&r!==i&&r!=null)if(tc(this,Xr).textContent=r,r!==""){let n=I("chapter: {chapterName}",{chapterName:r});this.setAttribute("aria-valuetext",n)}else this.removeAttribute("aria-valuetext")}get mediaPreviewChapter(){return O(this,s.MEDIA_PREVIEW_CHAPTER)}set mediaPreviewChapter(e){x(this,s.MEDIA_PREVIEW_CHAPTER,e)}};Xr=new WeakMap;d.customElements.get("media-preview-chapter-display")||d.customElements.define("media-preview-chapter-display",Ia);var Js=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ie=(t,e,i)=>(Js(t,e,"read from private field"),i?i.call(t):e.get(t)),Fe=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Ee=(t,e,i,r)=>(Js(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),nc=(t,e,i,r)=>({set _(n){Ee(t,e,n,i)},get _(){return ie(t,e,r)}}),Qt,Jr,Zt,Li,jr,en,tn,Xt,Tt,rn,nn=class{constructor(e,i,r){Fe(this,Qt,void 0),Fe(this,Jr,void 0),Fe(this,Zt,void 0),Fe(this,Li,void 0),Fe(this,jr,void 0),Fe(this,en,void 0),Fe(this,tn,void 0),Fe(this,Xt,void 0),Fe(this,Tt,0),Fe(this,rn,(n=performance.now())=>{Ee(this,Tt,requestAnimationFrame(ie(this,rn))),Ee(this,Li,performance.now()-ie(this,Zt));let a=1e3/this.fps;if(ie(this,Li)>a){Ee(this,Zt,n-ie(this,Li)%a);let o=1e3/((n-ie(this,Jr))/++nc(this,jr)._),l=(n-ie(this,en))/1e3/this.duration,c=ie(this,tn)+l*this.playbackRate;c-ie(this,Qt).valueAsNumber>0?Ee(this,Xt,this.playbackRate/this.duration/o):(Ee(this,Xt,.995*ie(this,Xt)),c=ie(this,Qt).valueAsNumber+ie(this,Xt)),this.callback(c)}}),Ee(this,Qt,e),this.callback=i,this.fps=r}start(){ie(this,Tt)===0&&(Ee(this,Zt,performance.now()),Ee(this,Jr,ie(this,Zt)),Ee(this,jr,0),ie(this,rn).call(this))}stop(){ie(this,Tt)!==0&&(cancelAnimationFrame(ie(this,Tt)),Ee(this,Tt,0))}update({start:e,duration:i,playbackRate:r}){let n=e-ie(this,Qt).valueAsNumber,a=Math.abs(i-this.duration);(n>0||n<-.5/i||a>=.5)&&this.callback(e),Ee(this,tn,e),Ee(this,en,performance.now()),this.duration=i,this.playbackRate=r}};Qt=new WeakMap;Jr=new WeakMap;Zt=new WeakMap;Li=new WeakMap;jr=new WeakMap;en=new WeakMap;tn=new WeakMap;Xt=new WeakMap;Tt=new WeakMap;rn=new WeakMap;var Ra=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},B=(t,e,i)=>(Ra(t,e,"read from private field"),i?i.call(t):e.get(t)),X=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},_e=(t,e,i,r)=>(Ra(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Ae=(t,e,i)=>(Ra(t,e,"access private method"),i),Jt,rt,sn,Ri,ln,on,Di,Ci,jt,ei,Mi,ka,js,wa,dn,Da,cn,Ca,un,xa,La,el,xi,hn,Ma,tl,ac=t=>{let e=t.range,i=_t(+il(t)),r=_t(+t.mediaSeekableEnd),n=i&&r?I("{currentTime} of {totalTime}",{currentTime:i,totalTime:r}):I("video not loaded, unknown time.");e.setAttribute("aria-valuetext",n)};function oc(t){return`
    <style>
      :host {
        --media-box-border-radius: 4px;
        --media-box-padding-left: 10px;
        --media-box-padding-right: 10px;
        --media-preview-border-radius: var(--media-box-border-radius);
        --media-box-arrow-offset: var(--media-box-border-radius);
        --_control-background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        --_preview-background: var(--media-preview-background, var(--_control-background));

        
        contain: layout;
      }

      #buffered {
        background: var(--media-time-range-buffered-color, rgb(255 255 255 / .4));
        position: absolute;
        height: 100%;
        will-change: width;
      }

      #preview-rail,
      #current-rail {
        width: 100%;
        position: absolute;
        left: 0;
        bottom: 100%;
        pointer-events: none;
        will-change: transform;
      }

      [part~="box"] {
        width: min-content;
        
        position: absolute;
        bottom: 100%;
        flex-direction: column;
        align-items: center;
        transform: translateX(-50%);
      }

      [part~="current-box"] {
        display: var(--media-current-box-display, var(--media-box-display, flex));
        margin: var(--media-current-box-margin, var(--media-box-margin, 0 0 5px));
        visibility: hidden;
      }

      [part~="preview-box"] {
        display: var(--media-preview-box-display, var(--media-box-display, flex));
        margin: var(--media-preview-box-margin, var(--media-box-margin, 0 0 5px));
        transition-property: var(--media-preview-transition-property, visibility, opacity);
        transition-duration: var(--media-preview-transition-duration-out, .25s);
        transition-delay: var(--media-preview-transition-delay-out, 0s);
        visibility: hidden;
        opacity: 0;
      }

      :host(:is([${s.MEDIA_PREVIEW_IMAGE}], [${s.MEDIA_PREVIEW_TIME}])[dragging]) [part~="preview-box"] {
        transition-duration: var(--media-preview-transition-duration-in, .5s);
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        visibility: visible;
        opacity: 1;
      }

      @media (hover: hover) {
        :host(:is([${s.MEDIA_PREVIEW_IMAGE}], [${s.MEDIA_PREVIEW_TIME}]):hover) [part~="preview-box"] {
          transition-duration: var(--media-preview-transition-duration-in, .5s);
          transition-delay: var(--media-preview-transition-delay-in, .25s);
          visibility: visible;
          opacity: 1;
        }
      }

      media-preview-thumbnail,
      ::slotted(media-preview-thumbnail) {
        visibility: hidden;
        
        transition: visibility 0s .25s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-thumbnail-background, var(--_preview-background));
        box-shadow: var(--media-preview-thumbnail-box-shadow, 0 0 4px rgb(0 0 0 / .2));
        max-width: var(--media-preview-thumbnail-max-width, 180px);
        max-height: var(--media-preview-thumbnail-max-height, 160px);
        min-width: var(--media-preview-thumbnail-min-width, 120px);
        min-height: var(--media-preview-thumbnail-min-height, 80px);
        border: var(--media-preview-thumbnail-border);
        border-radius: var(--media-preview-thumbnail-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius) 0 0);
      }

      :host([${s.MEDIA_PREVIEW_IMAGE}][dragging]) media-preview-thumbnail,
      :host([${s.MEDIA_PREVIEW_IMAGE}][dragging]) ::slotted(media-preview-thumbnail) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        visibility: visible;
      }

      @media (hover: hover) {
        :host([${s.MEDIA_PREVIEW_IMAGE}]:hover) media-preview-thumbnail,
        :host([${s.MEDIA_PREVIEW_IMAGE}]:hover) ::slotted(media-preview-thumbnail) {
          transition-delay: var(--media-preview-transition-delay-in, .25s);
          visibility: visible;
        }

        :host([${s.MEDIA_PREVIEW_TIME}]:hover) {
          --media-time-range-hover-display: block;
        }
      }

      media-preview-chapter-display,
      ::slotted(media-preview-chapter-display) {
        font-size: var(--media-font-size, 13px);
        line-height: 17px;
        min-width: 0;
        visibility: hidden;
        
        transition: min-width 0s, border-radius 0s, margin 0s, padding 0s, visibility 0s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-chapter-background, var(--_preview-background));
        border-radius: var(--media-preview-chapter-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius)
          var(--media-preview-border-radius) var(--media-preview-border-radius));
        padding: var(--media-preview-chapter-padding, 3.5px 9px);
        margin: var(--media-preview-chapter-margin, 0 0 5px);
        text-shadow: var(--media-preview-chapter-text-shadow, 0 0 4px rgb(0 0 0 / .75));
      }

      :host([${s.MEDIA_PREVIEW_IMAGE}]) media-preview-chapter-display,
      :host([${s.MEDIA_PREVIEW_IMAGE}]) ::slotted(media-preview-chapter-display) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        border-radius: var(--media-preview-chapter-border-radius, 0);
        padding: var(--media-preview-chapter-padding, 3.5px 9px 0);
        margin: var(--media-preview-chapter-margin, 0);
        min-width: 100%;
      }

      media-preview-chapter-display[${s.MEDIA_PREVIEW_CHAPTER}],
      ::slotted(media-preview-chapter-display[${s.MEDIA_PREVIEW_CHAPTER}]) {
        visibility: visible;
      }

      media-preview-chapter-display:not([aria-valuetext]),
      ::slotted(media-preview-chapter-display:not([aria-valuetext])) {
        display: none;
      }

      media-preview-time-display,
      ::slotted(media-preview-time-display),
      media-time-display,
      ::slotted(media-time-display) {
        font-size: var(--media-font-size, 13px);
        line-height: 17px;
        min-width: 0;
        
        transition: min-width 0s, border-radius 0s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-time-background, var(--_preview-background));
        border-radius: var(--media-preview-time-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius)
          var(--media-preview-border-radius) var(--media-preview-border-radius));
        padding: var(--media-preview-time-padding, 3.5px 9px);
        margin: var(--media-preview-time-margin, 0);
        text-shadow: var(--media-preview-time-text-shadow, 0 0 4px rgb(0 0 0 / .75));
        transform: translateX(min(
          max(calc(50% - var(--_box-width) / 2),
          calc(var(--_box-shift, 0))),
          calc(var(--_box-width) / 2 - 50%)
        ));
      }

      :host([${s.MEDIA_PREVIEW_IMAGE}]) media-preview-time-display,
      :host([${s.MEDIA_PREVIEW_IMAGE}]) ::slotted(media-preview-time-display) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        border-radius: var(--media-preview-time-border-radius,
          0 0 var(--media-preview-border-radius) var(--media-preview-border-radius));
        min-width: 100%;
      }

      :host([${s.MEDIA_PREVIEW_TIME}]:hover) {
        --media-time-range-hover-display: block;
      }

      [part~="arrow"],
      ::slotted([part~="arrow"]) {
        display: var(--media-box-arrow-display, inline-block);
        transform: translateX(min(
          max(calc(50% - var(--_box-width) / 2 + var(--media-box-arrow-offset)),
          calc(var(--_box-shift, 0))),
          calc(var(--_box-width) / 2 - 50% - var(--media-box-arrow-offset))
        ));
        
        border-color: transparent;
        border-top-color: var(--media-box-arrow-background, var(--_control-background));
        border-width: var(--media-box-arrow-border-width,
          var(--media-box-arrow-height, 5px) var(--media-box-arrow-width, 6px) 0);
        border-style: solid;
        justify-content: center;
        height: 0;
      }
    </style>
    <div id="preview-rail">
      <slot name="preview" part="box preview-box">
        <media-preview-thumbnail>
          <template shadowrootmode="${ya.shadowRootOptions.mode}">
            ${ya.getTemplateHTML({})}
          </template>
        </media-preview-thumbnail>
        <media-preview-chapter-display></media-preview-chapter-display>
        <media-preview-time-display></media-preview-time-display>
        <slot name="preview-arrow"><div part="arrow"></div></slot>
      </slot>
    </div>
    <div id="current-rail">
      <slot name="current" part="box current-box">
        
      </slot>
    </div>
  `}var an=(t,e=t.mediaCurrentTime)=>{let i=Number.isFinite(t.mediaSeekableStart)?t.mediaSeekableStart:0,r=Number.isFinite(t.mediaDuration)?t.mediaDuration:t.mediaSeekableEnd;if(Number.isNaN(r))return 0;let n=(e-i)/(r-i);return Math.max(0,Math.min(n,1))},il=(t,e=t.range.valueAsNumber)=>{let i=Number.isFinite(t.mediaSeekableStart)?t.mediaSeekableStart:0,r=Number.isFinite(t.mediaDuration)?t.mediaDuration:t.mediaSeekableEnd;return Number.isNaN(r)?0:e*(r-i)+i},Oi=class extends Ne{constructor(){super(),X(this,ka),X(this,dn),X(this,cn),X(this,un),X(this,La),X(this,xi),X(this,Ma),X(this,Jt,null),X(this,rt,void 0),X(this,sn,void 0),X(this,Ri,void 0),X(this,ln,void 0),X(this,on,void 0),X(this,Di,void 0),X(this,Ci,void 0),X(this,jt,void 0),X(this,ei,void 0),X(this,Mi,()=>{Ae(this,ka,js).call(this)?B(this,rt).start():B(this,rt).stop()}),X(this,wa,r=>{this.dragging||(Bt(r)&&(this.range.valueAsNumber=r),B(this,ei)||this.updateBar())}),this.shadowRoot.querySelector("#track").insertAdjacentHTML("afterbegin",'<div id="buffered" part="buffered"></div>'),_e(this,sn,this.shadowRoot.querySelectorAll('[part~="box"]')),_e(this,ln,this.shadowRoot.querySelector('[part~="preview-box"]')),_e(this,on,this.shadowRoot.querySelector('[part~="current-box"]'));let i=getComputedStyle(this);_e(this,Di,parseInt(i.getPropertyValue("--media-box-padding-left"))),_e(this,Ci,parseInt(i.getPropertyValue("--media-box-padding-right"))),_e(this,rt,new nn(this.range,B(this,wa),60))}static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_PAUSED,s.MEDIA_DURATION,s.MEDIA_SEEKABLE,s.MEDIA_CURRENT_TIME,s.MEDIA_PREVIEW_IMAGE,s.MEDIA_PREVIEW_TIME,s.MEDIA_PREVIEW_CHAPTER,s.MEDIA_BUFFERED,s.MEDIA_PLAYBACK_RATE,s.MEDIA_LOADING,s.MEDIA_ENDED]}connectedCallback(){var e;super.connectedCallback(),this.range.setAttribute("aria-label",I("seek")),B(this,Mi).call(this),_e(this,Jt,this.getRootNode()),(e=B(this,Jt))==null||e.addEventListener("transitionstart",this)}disconnectedCallback(){var e;super.disconnectedCallback(),B(this,rt).stop(),(e=B(this,Jt))==null||e.removeEventListener("transitionstart",this),_e(this,Jt,null)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),i!=r&&(e===s.MEDIA_CURRENT_TIME||e===s.MEDIA_PAUSED||e===s.MEDIA_ENDED||e===s.MEDIA_LOADING||e===s.MEDIA_DURATION||e===s.MEDIA_SEEKABLE?(B(this,rt).update({start:an(this),duration:this.mediaSeekableEnd-this.mediaSeekableStart,playbackRate:this.mediaPlaybackRate}),B(this,Mi).call(this),ac(this)):e===s.MEDIA_BUFFERED&&this.updateBufferedBar(),(e===s.MEDIA_DURATION||e===s.MEDIA_SEEKABLE)&&(this.mediaChaptersCues=B(this,jt),this.updateBar()))}get mediaChaptersCues(){return B(this,jt)}set mediaChaptersCues(e){var i;_e(this,jt,e),this.updateSegments((i=B(this,jt))==null?void 0:i.map(r=>({start:an(this,r.startTime),end:an(this,r.endTime)})))}get mediaPaused(){return L(this,s.MEDIA_PAUSED)}set mediaPaused(e){M(this,s.MEDIA_PAUSED,e)}get mediaLoading(){return L(this,s.MEDIA_LOADING)}set mediaLoading(e){M(this,s.MEDIA_LOADING,e)}get mediaDuration(){return $(this,s.MEDIA_DURATION)}set mediaDuration(e){G(this,s.MEDIA_DURATION,e)}get mediaCurrentTime(){return $(this,s.MEDIA_CURRENT_TIME)}set mediaCurrentTime(e){G(this,s.MEDIA_CURRENT_TIME,e)}get mediaPlaybackRate(){return $(this,s.MEDIA_PLAYBACK_RATE,1)}set mediaPlaybackRate(e){G(this,s.MEDIA_PLAYBACK_RATE,e)}get mediaBuffered(){let e=this.getAttribute(s.MEDIA_BUFFERED);return e?e.split(" ").map(i=>i.split(":").map(r=>+r)):[]}set mediaBuffered(e){if(!e){this.removeAttribute(s.MEDIA_BUFFERED);return}let i=e.map(r=>r.join(":")).join(" ");this.setAttribute(s.MEDIA_BUFFERED,i)}get mediaSeekable(){let e=this.getAttribute(s.MEDIA_SEEKABLE);if(e)return e.split(":").map(i=>+i)}set mediaSeekable(e){if(e==null){this.removeAttribute(s.MEDIA_SEEKABLE);return}this.setAttribute(s.MEDIA_SEEKABLE,e.join(":"))}get mediaSeekableEnd(){var e;let[,i=this.mediaDuration]=(e=this.mediaSeekable)!=null?e:[];return i}get mediaSeekableStart(){var e;let[i=0]=(e=this.mediaSeekable)!=null?e:[];return i}get mediaPreviewImage(){return O(this,s.MEDIA_PREVIEW_IMAGE)}set mediaPreviewImage(e){x(this,s.MEDIA_PREVIEW_IMAGE,e)}get mediaPreviewTime(){return $(this,s.MEDIA_PREVIEW_TIME)}set mediaPreviewTime(e){G(this,s.MEDIA_PREVIEW_TIME,e)}get mediaEnded(){return L(this,s.MEDIA_ENDED)}set mediaEnded(e){M(this,s.MEDIA_ENDED,e)}updateBar(){super.updateBar(),this.updateBufferedBar(),this.updateCurrentBox()}updateBufferedBar(){var e;let i=this.mediaBuffered;if(!i.length)return;let r;if(this.mediaEnded)r=1;else{let a=this.mediaCurrentTime,[,o=this.mediaSeekableStart]=(e=i.find(([l,c])=>l<=a&&a<=c))!=null?e:[];r=an(this,o)}let{style:n}=H(this.shadowRoot,"#buffered");n.setProperty("width",`${r*100}%`)}updateCurrentBox(){if(!this.shadowRoot.querySelector('slot[name="current"]').assignedElements().length)return;let i=H(this.shadowRoot,"#current-rail"),r=H(this.shadowRoot,'[part~="current-box"]'),n=Ae(this,dn,Da).call(this,B(this,on)),a=Ae(this,cn,Ca).call(this,n,this.range.valueAsNumber),o=Ae(this,un,xa).call(this,n,this.range.valueAsNumber);i.style.transform=`translateX(${a})`,i.style.setProperty("--_range-width",`${n.range.width}`),r.style.setProperty("--_box-shift",`${o}`),r.style.setProperty("--_box-width",`${n.box.width}px`),r.style.setProperty("visibility","initial")}handleEvent(e){switch(super.handleEvent(e),e.type){case"input":Ae(this,Ma,tl).call(this);break;case"pointermove":Ae(this,La,el).call(this,e);break;case"pointerup":B(this,ei)&&_e(this,ei,!1);break;case"pointerdown":_e(this,ei,!0);break;case"pointerleave":Ae(this,xi,hn).call(this,null);break;case"transitionstart":Ce(e.target,this)&&setTimeout(()=>B(this,Mi).call(this),0);break}}};Jt=new WeakMap;rt=new WeakMap;sn=new WeakMap;Ri=new WeakMap;ln=new WeakMap;on=new WeakMap;Di=new WeakMap;Ci=new WeakMap;jt=new WeakMap;ei=new WeakMap;Mi=new WeakMap;ka=new WeakSet;js=function(){return this.isConnected&&!this.mediaPaused&&!this.mediaLoading&&!this.mediaEnded&&this.mediaSeekableEnd>0&&dr(this)};wa=new WeakMap;dn=new WeakSet;Da=function(t){var e;let r=((e=this.getAttribute("bounds")?ze(this,`#${this.getAttribute("bounds")}`):this.parentElement)!=null?e:this).getBoundingClientRect(),n=this.range.getBoundingClientRect(),a=t.offsetWidth,o=-(n.left-r.left-a/2),l=r.right-n.left-a/2;return{box:{width:a,min:o,max:l},bounds:r,range:n}};cn=new WeakSet;Ca=function(t,e){let i=`${e*100}%`,{width:r,min:n,max:a}=t.box;if(!r)return i;if(Number.isNaN(n)||(i=`max(${`calc(1 / var(--_range-width) * 100 * ${n}% + var(--media-box-padding-left))`}, ${i})`),!Number.isNaN(a)){let l=`calc(1 / var(--_range-width) * 100 * ${a}% - var(--media-box-padding-right))`;i=`min(${i}, ${l})`}return i};un=new WeakSet;xa=function(t,e){let{width:i,min:r,max:n}=t.box,a=e*t.range.width;if(a<r+B(this,Di)){let o=t.range.left-t.bounds.left-B(this,Di);return`${a-i/2+o}px`}if(a>n-B(this,Ci)){let o=t.bounds.right-t.range.right-B(this,Ci);return`${a+i/2-o-t.range.width}px`}return 0};La=new WeakSet;el=function(t){let e=[...B(this,sn)].some(p=>t.composedPath().includes(p));if(!this.dragging&&(e||!t.composedPath().includes(this))){Ae(this,xi,hn).call(this,null);return}let i=this.mediaSeekableEnd;if(!i)return;let r=H(this.shadowRoot,"#preview-rail"),n=H(this.shadowRoot,'[part~="preview-box"]'),a=Ae(this,dn,Da).call(this,B(this,ln)),o=(t.clientX-a.range.left)/a.range.width;o=Math.max(0,Math.min(1,o));let l=Ae(this,cn,Ca).call(this,a,o),c=Ae(this,un,xa).call(this,a,o);r.style.transform=`translateX(${l})`,r.style.setProperty("--_range-width",`${a.range.width}`),n.style.setProperty("--_box-shift",`${c}`),n.style.setProperty("--_box-width",`${a.box.width}px`);let m=Math.round(B(this,Ri))-Math.round(o*i);Math.abs(m)<1&&o>.01&&o<.99||(_e(this,Ri,o*i),Ae(this,xi,hn).call(this,B(this,Ri)))};xi=new WeakSet;hn=function(t){this.dispatchEvent(new d.CustomEvent(g.MEDIA_PREVIEW_REQUEST,{composed:!0,bubbles:!0,detail:t}))};Ma=new WeakSet;tl=function(){B(this,rt).stop();let t=il(this);this.dispatchEvent(new d.CustomEvent(g.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:t}))};Oi.shadowRootOptions={mode:"open"};Oi.getContainerTemplateHTML=oc;d.customElements.get("media-time-range")||d.customElements.define("media-time-range",Oi);var Ua=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Re=(t,e,i)=>(Ua(t,e,"read from private field"),i?i.call(t):e.get(t)),yt=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Na=(t,e,i,r)=>(Ua(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),at=(t,e,i)=>(Ua(t,e,"access private method"),i),ti,Be,En,Ha,nl,fn,$a,Pi,mn,pn,Oa,nt={REMAINING:"remaining",SHOW_DURATION:"showduration",NO_TOGGLE:"notoggle"},rl=[...Object.values(nt),s.MEDIA_CURRENT_TIME,s.MEDIA_DURATION,s.MEDIA_SEEKABLE],al=["Enter"," "],sc="&nbsp;/&nbsp;",Pa=(t,{timesSep:e=sc}={})=>{var i,r;let n=(i=t.mediaCurrentTime)!=null?i:0,[,a]=(r=t.mediaSeekable)!=null?r:[],o=0;Number.isFinite(t.mediaDuration)?o=t.mediaDuration:Number.isFinite(a)&&(o=a);let l=t.remaining?At(0-(o-n)):At(n);return t.showDuration?`${l}${e}${At(o)}`:l},lc=t=>{var e;let i=t.mediaCurrentTime,[,r]=(e=t.mediaSeekable)!=null?e:[],n=null;if(Number.isFinite(t.mediaDuration)?n=t.mediaDuration:Number.isFinite(r)&&(n=r),i==null||n===null){t.setAttribute("aria-description",I("video not loaded, unknown time."));return}let a=t.remaining?_t(0-(n-i)):_t(i);if(!t.showDuration){t.setAttribute("aria-description",a);return}let o=_t(n),l=I("{currentTime} of {totalTime}",{currentTime:a,totalTime:o});t.setAttribute("aria-description",l)};function dc(t,e){return`
    <slot>${Pa(e)}</slot>
  `}var cc=t=>{t.setAttribute("aria-label",I("playback time"))},vn=class extends be{constructor(){super(),yt(this,Ha),yt(this,fn),yt(this,Pi),yt(this,pn),yt(this,ti,void 0),yt(this,Be,null),yt(this,En,e=>{let{metaKey:i,altKey:r,key:n}=e;if(i||r||!al.includes(n)){this.removeEventListener("keyup",Re(this,Be));return}this.addEventListener("keyup",Re(this,Be))}),Na(this,ti,this.shadowRoot.querySelector("slot")),Re(this,ti).innerHTML=`${Pa(this)}`}static get observedAttributes(){return[...super.observedAttributes,...rl,"disabled"]}connectedCallback(){let{style:e}=H(this.shadowRoot,":host(:hover:not([notoggle]))");e.setProperty("cursor","var(--media-cursor, pointer)"),e.setProperty("background","var(--media-control-hover-background, rgba(50 50 70 / .7))"),this.setAttribute("aria-label",I("playback time")),at(this,Pi,mn).call(this),super.connectedCallback()}toggleTimeDisplay(){this.noToggle||(this.hasAttribute("remaining")?this.removeAttribute("remaining"):this.setAttribute("remaining",""))}disconnectedCallback(){this.disable(),at(this,fn,$a).call(this),super.disconnectedCallback()}attributeChangedCallback(e,i,r){cc(this),rl.includes(e)?this.update():e==="disabled"&&r!==i?r==null?at(this,Pi,mn).call(this):at(this,pn,Oa).call(this):e===nt.NO_TOGGLE&&r!==i&&(this.noToggle?at(this,pn,Oa).call(this):at(this,Pi,mn).call(this)),super.attributeChangedCallback(e,i,r)}enable(){this.noToggle||(this.tabIndex=0)}disable(){this.tabIndex=-1}get remaining(){return L(this,nt.REMAINING)}set remaining(e){M(this,nt.REMAINING,e)}get showDuration(){return L(this,nt.SHOW_DURATION)}set showDuration(e){M(this,nt.SHOW_DURATION,e)}get noToggle(){return L(this,nt.NO_TOGGLE)}set noToggle(e){M(this,nt.NO_TOGGLE,e)}get mediaDuration(){return $(this,s.MEDIA_DURATION)}set mediaDuration(e){G(this,s.MEDIA_DURATION,e)}get mediaCurrentTime(){return $(this,s.MEDIA_CURRENT_TIME)}set mediaCurrentTime(e){G(this,s.MEDIA_CURRENT_TIME,e)}get mediaSeekable(){let e=this.getAttribute(s.MEDIA_SEEKABLE);if(e)return e.split(":").map(i=>+i)}set mediaSeekable(e){if(e==null){this.removeAttribute(s.MEDIA_SEEKABLE);return}this.setAttribute(s.MEDIA_SEEKABLE,e.join(":"))}update(){let e=Pa(this);lc(this),e!==Re(this,ti).innerHTML&&(Re(this,ti).innerHTML=e)}};ti=new WeakMap;Be=new WeakMap;En=new WeakMap;Ha=new WeakSet;nl=function(){Re(this,Be)||(Na(this,Be,t=>{let{key:e}=t;if(!al.includes(e)){this.removeEventListener("keyup",Re(this,Be));return}this.toggleTimeDisplay()}),this.addEventListener("keydown",Re(this,En)),this.addEventListener("click",this.toggleTimeDisplay))};fn=new WeakSet;$a=function(){Re(this,Be)&&(this.removeEventListener("keyup",Re(this,Be)),this.removeEventListener("keydown",Re(this,En)),this.removeEventListener("click",this.toggleTimeDisplay),Na(this,Be,null))};Pi=new WeakSet;mn=function(){!this.noToggle&&!this.hasAttribute("disabled")&&(this.setAttribute("role","button"),this.enable(),at(this,Ha,nl).call(this))};pn=new WeakSet;Oa=function(){this.removeAttribute("role"),this.disable(),at(this,fn,$a).call(this)};vn.getSlotTemplateHTML=dc;d.customElements.get("media-time-display")||d.customElements.define("media-time-display",vn);var ii={SEEK_OFFSET:"seekoffset"},Fa=30,uc=t=>`
  <svg aria-hidden="true" viewBox="0 0 20 24">
    <defs>
      <style>.text{font-size:8px;font-family:Arial-BoldMT, Arial;font-weight:700;}</style>
    </defs>
    <text class="text value" transform="translate(2.18 19.87)">${t}</text>
    <path d="M10 6V3L4.37 7 10 10.94V8a5.54 5.54 0 0 1 1.9 10.48v2.12A7.5 7.5 0 0 0 10 6Z"/>
  </svg>`;function hc(t,e){return`
    <slot name="icon">${uc(e.seekOffset)}</slot>
  `}var mc=(t,e)=>{t.setAttribute("aria-label",I("seek back {seekOffset} seconds",{seekOffset:e}))};function pc(){return I("Seek backward")}var fc=0,Ui=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_CURRENT_TIME,ii.SEEK_OFFSET]}connectedCallback(){super.connectedCallback(),this.seekOffset=$(this,ii.SEEK_OFFSET,Fa)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),mc(this,this.seekOffset),e===ii.SEEK_OFFSET&&(this.seekOffset=$(this,ii.SEEK_OFFSET,Fa))}get seekOffset(){return $(this,ii.SEEK_OFFSET,Fa)}set seekOffset(e){G(this,ii.SEEK_OFFSET,e),this.setAttribute("aria-label",I("seek back {seekOffset} seconds",{seekOffset:this.seekOffset})),sr(lr(this,"icon"),this.seekOffset)}get mediaCurrentTime(){return $(this,s.MEDIA_CURRENT_TIME,fc)}set mediaCurrentTime(e){G(this,s.MEDIA_CURRENT_TIME,e)}handleClick(){let e=Math.max(this.mediaCurrentTime-this.seekOffset,0),i=new d.CustomEvent(g.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)}};Ui.getSlotTemplateHTML=hc;Ui.getTooltipContentHTML=pc;d.customElements.get("media-seek-backward-button")||d.customElements.define("media-seek-backward-button",Ui);var ri={SEEK_OFFSET:"seekoffset"},Ba=30,vc=t=>`
  <svg aria-hidden="true" viewBox="0 0 20 24">
    <defs>
      <style>.text{font-size:8px;font-family:Arial-BoldMT, Arial;font-weight:700;}</style>
    </defs>
    <text class="text value" transform="translate(8.9 19.87)">${t}</text>
    <path d="M10 6V3l5.61 4L10 10.94V8a5.54 5.54 0 0 0-1.9 10.48v2.12A7.5 7.5 0 0 1 10 6Z"/>
  </svg>`;function Ec(t,e){return`
    <slot name="icon">${vc(e.seekOffset)}</slot>
  `}var gc=(t,e)=>{t.setAttribute("aria-label",I("seek forward {seekOffset} seconds",{seekOffset:e}))};function bc(){return I("Seek forward")}var _c=0,Ni=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_CURRENT_TIME,ri.SEEK_OFFSET]}connectedCallback(){super.connectedCallback(),this.seekOffset=$(this,ri.SEEK_OFFSET,Ba)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),gc(this,this.seekOffset),e===ri.SEEK_OFFSET&&(this.seekOffset=$(this,ri.SEEK_OFFSET,Ba))}get seekOffset(){return $(this,ri.SEEK_OFFSET,Ba)}set seekOffset(e){G(this,ri.SEEK_OFFSET,e),this.setAttribute("aria-label",I("seek forward {seekOffset} seconds",{seekOffset:this.seekOffset})),sr(lr(this,"icon"),this.seekOffset)}get mediaCurrentTime(){return $(this,s.MEDIA_CURRENT_TIME,_c)}set mediaCurrentTime(e){G(this,s.MEDIA_CURRENT_TIME,e)}handleClick(){let e=this.mediaCurrentTime+this.seekOffset,i=new d.CustomEvent(g.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)}};Ni.getSlotTemplateHTML=Ec;Ni.getTooltipContentHTML=bc;d.customElements.get("media-seek-forward-button")||d.customElements.define("media-seek-forward-button",Ni);var Ac=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M22.83 5.68a2.58 2.58 0 0 0-2.3-2.5c-3.62-.24-11.44-.24-15.06 0a2.58 2.58 0 0 0-2.3 2.5c-.23 4.21-.23 8.43 0 12.64a2.58 2.58 0 0 0 2.3 2.5c3.62.24 11.44.24 15.06 0a2.58 2.58 0 0 0 2.3-2.5c.23-4.21.23-8.43 0-12.64Zm-11.39 9.45a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.92 3.92 0 0 1 .92-2.77 3.18 3.18 0 0 1 2.43-1 2.94 2.94 0 0 1 2.13.78c.364.359.62.813.74 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.17 1.61 1.61 0 0 0-1.29.58 2.79 2.79 0 0 0-.5 1.89 3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.48 1.48 0 0 0 1-.37 2.1 2.1 0 0 0 .59-1.14l1.4.44a3.23 3.23 0 0 1-1.07 1.69Zm7.22 0a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.88 3.88 0 0 1 .93-2.77 3.14 3.14 0 0 1 2.42-1 3 3 0 0 1 2.16.82 2.8 2.8 0 0 1 .73 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.21 1.61 1.61 0 0 0-1.29.58A2.79 2.79 0 0 0 15 12a3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.44 1.44 0 0 0 1-.37 2.1 2.1 0 0 0 .6-1.15l1.4.44a3.17 3.17 0 0 1-1.1 1.7Z"/>
</svg>`,Tc=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M17.73 14.09a1.4 1.4 0 0 1-1 .37 1.579 1.579 0 0 1-1.27-.58A3 3 0 0 1 15 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34A2.89 2.89 0 0 0 19 9.07a3 3 0 0 0-2.14-.78 3.14 3.14 0 0 0-2.42 1 3.91 3.91 0 0 0-.93 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.17 3.17 0 0 0 1.07-1.74l-1.4-.45c-.083.43-.3.822-.62 1.12Zm-7.22 0a1.43 1.43 0 0 1-1 .37 1.58 1.58 0 0 1-1.27-.58A3 3 0 0 1 7.76 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34a2.81 2.81 0 0 0-.74-1.32 2.94 2.94 0 0 0-2.13-.78 3.18 3.18 0 0 0-2.43 1 4 4 0 0 0-.92 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.23 3.23 0 0 0 1.07-1.74l-1.4-.45a2.06 2.06 0 0 1-.6 1.07Zm12.32-8.41a2.59 2.59 0 0 0-2.3-2.51C18.72 3.05 15.86 3 13 3c-2.86 0-5.72.05-7.53.17a2.59 2.59 0 0 0-2.3 2.51c-.23 4.207-.23 8.423 0 12.63a2.57 2.57 0 0 0 2.3 2.5c1.81.13 4.67.19 7.53.19 2.86 0 5.72-.06 7.53-.19a2.57 2.57 0 0 0 2.3-2.5c.23-4.207.23-8.423 0-12.63Zm-1.49 12.53a1.11 1.11 0 0 1-.91 1.11c-1.67.11-4.45.18-7.43.18-2.98 0-5.76-.07-7.43-.18a1.11 1.11 0 0 1-.91-1.11c-.21-4.14-.21-8.29 0-12.43a1.11 1.11 0 0 1 .91-1.11C7.24 4.56 10 4.49 13 4.49s5.76.07 7.43.18a1.11 1.11 0 0 1 .91 1.11c.21 4.14.21 8.29 0 12.43Z"/>
</svg>`;function yc(t){return`
    <style>
      :host([aria-checked="true"]) slot[name=off] {
        display: none !important;
      }

      
      :host(:not([aria-checked="true"])) slot[name=on] {
        display: none !important;
      }

      :host([aria-checked="true"]) slot[name=tooltip-enable],
      :host(:not([aria-checked="true"])) slot[name=tooltip-disable] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="on">${Ac}</slot>
      <slot name="off">${Tc}</slot>
    </slot>
  `}function Sc(){return`
    <slot name="tooltip-enable">${I("Enable captions")}</slot>
    <slot name="tooltip-disable">${I("Disable captions")}</slot>
  `}var ol=t=>{t.setAttribute("aria-checked",ds(t).toString())},Hi=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_SUBTITLES_LIST,s.MEDIA_SUBTITLES_SHOWING]}connectedCallback(){super.connectedCallback(),this.setAttribute("role","button"),this.setAttribute("aria-label",I("closed captions")),ol(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_SUBTITLES_SHOWING&&ol(this)}get mediaSubtitlesList(){return sl(this,s.MEDIA_SUBTITLES_LIST)}set mediaSubtitlesList(e){ll(this,s.MEDIA_SUBTITLES_LIST,e)}get mediaSubtitlesShowing(){return sl(this,s.MEDIA_SUBTITLES_SHOWING)}set mediaSubtitlesShowing(e){ll(this,s.MEDIA_SUBTITLES_SHOWING,e)}handleClick(){this.dispatchEvent(new d.CustomEvent(g.MEDIA_TOGGLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0}))}};Hi.getSlotTemplateHTML=yc;Hi.getTooltipContentHTML=Sc;var sl=(t,e)=>{let i=t.getAttribute(e);return i?Xn(i):[]},ll=(t,e,i)=>{if(!i?.length){t.removeAttribute(e);return}let r=gi(i);t.getAttribute(e)!==r&&t.setAttribute(e,r)};d.customElements.get("media-captions-button")||d.customElements.define("media-captions-button",Hi);var dl=`<svg aria-hidden="true" viewBox="0 0 28 24">
  <path d="M24 3H4a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h20a1 1 0 0 0 1-1V4a1 1 0 0 0-1-1Zm-1 16H5V5h18v14Zm-3-8h-7v5h7v-5Z"/>
</svg>`;function Ic(t){return`
    <style>
      :host([${s.MEDIA_IS_PIP}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      :host(:not([${s.MEDIA_IS_PIP}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${s.MEDIA_IS_PIP}]) slot[name=tooltip-enter],
      :host(:not([${s.MEDIA_IS_PIP}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${dl}</slot>
      <slot name="exit">${dl}</slot>
    </slot>
  `}function kc(){return`
    <slot name="tooltip-enter">${I("Enter picture in picture mode")}</slot>
    <slot name="tooltip-exit">${I("Exit picture in picture mode")}</slot>
  `}var cl=t=>{let e=t.mediaIsPip?I("exit picture in picture mode"):I("enter picture in picture mode");t.setAttribute("aria-label",e)},$i=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_IS_PIP,s.MEDIA_PIP_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),cl(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_IS_PIP&&cl(this)}get mediaPipUnavailable(){return O(this,s.MEDIA_PIP_UNAVAILABLE)}set mediaPipUnavailable(e){x(this,s.MEDIA_PIP_UNAVAILABLE,e)}get mediaIsPip(){return L(this,s.MEDIA_IS_PIP)}set mediaIsPip(e){M(this,s.MEDIA_IS_PIP,e)}handleClick(){let e=this.mediaIsPip?g.MEDIA_EXIT_PIP_REQUEST:g.MEDIA_ENTER_PIP_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};$i.getSlotTemplateHTML=Ic;$i.getTooltipContentHTML=kc;d.customElements.get("media-pip-button")||d.customElements.define("media-pip-button",$i);var ul=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M22.13 3H3.87a.87.87 0 0 0-.87.87v13.26a.87.87 0 0 0 .87.87h3.4L9 16H5V5h16v11h-4l1.72 2h3.4a.87.87 0 0 0 .87-.87V3.87a.87.87 0 0 0-.86-.87Zm-8.75 11.44a.5.5 0 0 0-.76 0l-4.91 5.73a.5.5 0 0 0 .38.83h9.82a.501.501 0 0 0 .38-.83l-4.91-5.73Z"/>
</svg>
`;function wc(t){return`
    <style>
      :host([${s.MEDIA_IS_AIRPLAYING}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${s.MEDIA_IS_AIRPLAYING}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${s.MEDIA_IS_AIRPLAYING}]) slot[name=tooltip-enter],
      :host(:not([${s.MEDIA_IS_AIRPLAYING}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${ul}</slot>
      <slot name="exit">${ul}</slot>
    </slot>
  `}function Lc(){return`
    <slot name="tooltip-enter">${I("start airplay")}</slot>
    <slot name="tooltip-exit">${I("stop airplay")}</slot>
  `}var hl=t=>{let e=t.mediaIsAirplaying?I("stop airplay"):I("start airplay");t.setAttribute("aria-label",e)},Fi=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_IS_AIRPLAYING,s.MEDIA_AIRPLAY_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),hl(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_IS_AIRPLAYING&&hl(this)}get mediaIsAirplaying(){return L(this,s.MEDIA_IS_AIRPLAYING)}set mediaIsAirplaying(e){M(this,s.MEDIA_IS_AIRPLAYING,e)}get mediaAirplayUnavailable(){return O(this,s.MEDIA_AIRPLAY_UNAVAILABLE)}set mediaAirplayUnavailable(e){x(this,s.MEDIA_AIRPLAY_UNAVAILABLE,e)}handleClick(){let e=new d.CustomEvent(g.MEDIA_AIRPLAY_REQUEST,{composed:!0,bubbles:!0});this.dispatchEvent(e)}};Fi.getSlotTemplateHTML=wc;Fi.getTooltipContentHTML=Lc;d.customElements.get("media-airplay-button")||d.customElements.define("media-airplay-button",Fi);var Mc='<svg aria-hidden="true" viewBox="0 0 24 24"><g><path class="cast_caf_icon_arch0" d="M1,18 L1,21 L4,21 C4,19.3 2.66,18 1,18 L1,18 Z"/><path class="cast_caf_icon_arch1" d="M1,14 L1,16 C3.76,16 6,18.2 6,21 L8,21 C8,17.13 4.87,14 1,14 L1,14 Z"/><path class="cast_caf_icon_arch2" d="M1,10 L1,12 C5.97,12 10,16.0 10,21 L12,21 C12,14.92 7.07,10 1,10 L1,10 Z"/><path class="cast_caf_icon_box" d="M21,3 L3,3 C1.9,3 1,3.9 1,5 L1,8 L3,8 L3,5 L21,5 L21,19 L14,19 L14,21 L21,21 C22.1,21 23,20.1 23,19 L23,5 C23,3.9 22.1,3 21,3 L21,3 Z"/></g></svg>',Rc='<svg aria-hidden="true" viewBox="0 0 24 24"><g><path class="cast_caf_icon_arch0" d="M1,18 L1,21 L4,21 C4,19.3 2.66,18 1,18 L1,18 Z"/><path class="cast_caf_icon_arch1" d="M1,14 L1,16 C3.76,16 6,18.2 6,21 L8,21 C8,17.13 4.87,14 1,14 L1,14 Z"/><path class="cast_caf_icon_arch2" d="M1,10 L1,12 C5.97,12 10,16.0 10,21 L12,21 C12,14.92 7.07,10 1,10 L1,10 Z"/><path class="cast_caf_icon_box" d="M21,3 L3,3 C1.9,3 1,3.9 1,5 L1,8 L3,8 L3,5 L21,5 L21,19 L14,19 L14,21 L21,21 C22.1,21 23,20.1 23,19 L23,5 C23,3.9 22.1,3 21,3 L21,3 Z"/><path class="cast_caf_icon_boxfill" d="M5,7 L5,8.63 C8,8.6 13.37,14 13.37,17 L19,17 L19,7 Z"/></g></svg>';function Dc(t){return`
    <style>
      :host([${s.MEDIA_IS_CASTING}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${s.MEDIA_IS_CASTING}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${s.MEDIA_IS_CASTING}]) slot[name=tooltip-enter],
      :host(:not([${s.MEDIA_IS_CASTING}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${Mc}</slot>
      <slot name="exit">${Rc}</slot>
    </slot>
  `}function Cc(){return`
    <slot name="tooltip-enter">${I("Start casting")}</slot>
    <slot name="tooltip-exit">${I("Stop casting")}</slot>
  `}var ml=t=>{let e=t.mediaIsCasting?I("stop casting"):I("start casting");t.setAttribute("aria-label",e)},Bi=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_IS_CASTING,s.MEDIA_CAST_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),ml(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_IS_CASTING&&ml(this)}get mediaIsCasting(){return L(this,s.MEDIA_IS_CASTING)}set mediaIsCasting(e){M(this,s.MEDIA_IS_CASTING,e)}get mediaCastUnavailable(){return O(this,s.MEDIA_CAST_UNAVAILABLE)}set mediaCastUnavailable(e){x(this,s.MEDIA_CAST_UNAVAILABLE,e)}handleClick(){let e=this.mediaIsCasting?g.MEDIA_EXIT_CAST_REQUEST:g.MEDIA_ENTER_CAST_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};Bi.getSlotTemplateHTML=Dc;Bi.getTooltipContentHTML=Cc;d.customElements.get("media-cast-button")||d.customElements.define("media-cast-button",Bi);var fl=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},xc=(t,e,i)=>(fl(t,e,"read from private field"),i?i.call(t):e.get(t)),Oc=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Pc=(t,e,i,r)=>(fl(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),gn,Uc=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M16 3v2.5h3.5V9H22V3h-6ZM4 9h2.5V5.5H10V3H4v6Zm15.5 9.5H16V21h6v-6h-2.5v3.5ZM6.5 15H4v6h6v-2.5H6.5V15Z"/>
</svg>`,Nc=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M18.5 6.5V3H16v6h6V6.5h-3.5ZM16 21h2.5v-3.5H22V15h-6v6ZM4 17.5h3.5V21H10v-6H4v2.5Zm3.5-11H4V9h6V3H7.5v3.5Z"/>
</svg>`;function Hc(t){return`
    <style>
      :host([${s.MEDIA_IS_FULLSCREEN}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${s.MEDIA_IS_FULLSCREEN}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${s.MEDIA_IS_FULLSCREEN}]) slot[name=tooltip-enter],
      :host(:not([${s.MEDIA_IS_FULLSCREEN}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${Uc}</slot>
      <slot name="exit">${Nc}</slot>
    </slot>
  `}function $c(){return`
    <slot name="tooltip-enter">${I("Enter fullscreen mode")}</slot>
    <slot name="tooltip-exit">${I("Exit fullscreen mode")}</slot>
  `}var pl=t=>{let e=t.mediaIsFullscreen?I("exit fullscreen mode"):I("enter fullscreen mode");t.setAttribute("aria-label",e)},Wi=class extends F{constructor(){super(...arguments),Oc(this,gn,null)}static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_IS_FULLSCREEN,s.MEDIA_FULLSCREEN_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),pl(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_IS_FULLSCREEN&&pl(this)}get mediaFullscreenUnavailable(){return O(this,s.MEDIA_FULLSCREEN_UNAVAILABLE)}set mediaFullscreenUnavailable(e){x(this,s.MEDIA_FULLSCREEN_UNAVAILABLE,e)}get mediaIsFullscreen(){return L(this,s.MEDIA_IS_FULLSCREEN)}set mediaIsFullscreen(e){M(this,s.MEDIA_IS_FULLSCREEN,e)}handleClick(e){Pc(this,gn,e);let i=xc(this,gn)instanceof PointerEvent,r=this.mediaIsFullscreen?new d.CustomEvent(g.MEDIA_EXIT_FULLSCREEN_REQUEST,{composed:!0,bubbles:!0}):new d.CustomEvent(g.MEDIA_ENTER_FULLSCREEN_REQUEST,{composed:!0,bubbles:!0,detail:i});this.dispatchEvent(r)}};gn=new WeakMap;Wi.getSlotTemplateHTML=Hc;Wi.getTooltipContentHTML=$c;d.customElements.get("media-fullscreen-button")||d.customElements.define("media-fullscreen-button",Wi);var El=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Vi=(t,e,i)=>(El(t,e,"read from private field"),i?i.call(t):e.get(t)),vl=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Ki=(t,e,i,r)=>(El(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),We,_n,bn={LOADING_DELAY:"loadingdelay",NO_AUTOHIDE:"noautohide"},gl=500,Fc=`
<svg aria-hidden="true" viewBox="0 0 100 100">
  <path d="M73,50c0-12.7-10.3-23-23-23S27,37.3,27,50 M30.9,50c0-10.5,8.5-19.1,19.1-19.1S69.1,39.5,69.1,50">
    <animateTransform
       attributeName="transform"
       attributeType="XML"
       type="rotate"
       dur="1s"
       from="0 50 50"
       to="360 50 50"
       repeatCount="indefinite" />
  </path>
</svg>
`;function Bc(t){return`
    <style>
      :host {
        display: var(--media-control-display, var(--media-loading-indicator-display, inline-block));
        vertical-align: middle;
        box-sizing: border-box;
        --_loading-indicator-delay: var(--media-loading-indicator-transition-delay, ${gl}ms);
      }

      #status {
        color: rgba(0,0,0,0);
        width: 0px;
        height: 0px;
      }

      :host slot[name=icon] > *,
      :host ::slotted([slot=icon]) {
        opacity: var(--media-loading-indicator-opacity, 0);
        transition: opacity 0.15s;
      }

      :host([${s.MEDIA_LOADING}]:not([${s.MEDIA_PAUSED}])) slot[name=icon] > *,
      :host([${s.MEDIA_LOADING}]:not([${s.MEDIA_PAUSED}])) ::slotted([slot=icon]) {
        opacity: var(--media-loading-indicator-opacity, 1);
        transition: opacity 0.15s var(--_loading-indicator-delay);
      }

      :host #status {
        visibility: var(--media-loading-indicator-opacity, hidden);
        transition: visibility 0.15s;
      }

      :host([${s.MEDIA_LOADING}]:not([${s.MEDIA_PAUSED}])) #status {
        visibility: var(--media-loading-indicator-opacity, visible);
        transition: visibility 0.15s var(--_loading-indicator-delay);
      }

      svg, img, ::slotted(svg), ::slotted(img) {
        width: var(--media-loading-indicator-icon-width);
        height: var(--media-loading-indicator-icon-height, 100px);
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        vertical-align: middle;
      }
    </style>

    <slot name="icon">${Fc}</slot>
    <div id="status" role="status" aria-live="polite">${I("media loading")}</div>
  `}var Gi=class extends d.HTMLElement{constructor(){if(super(),vl(this,We,void 0),vl(this,_n,gl),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[R.MEDIA_CONTROLLER,s.MEDIA_PAUSED,s.MEDIA_LOADING,bn.LOADING_DELAY]}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===bn.LOADING_DELAY&&i!==r?this.loadingDelay=Number(r):e===R.MEDIA_CONTROLLER&&(i&&((a=(n=Vi(this,We))==null?void 0:n.unassociateElement)==null||a.call(n,this),Ki(this,We,null)),r&&this.isConnected&&(Ki(this,We,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Vi(this,We))==null?void 0:l.associateElement)==null||c.call(l,this)))}connectedCallback(){var e,i,r;let n=this.getAttribute(R.MEDIA_CONTROLLER);n&&(Ki(this,We,(e=this.getRootNode())==null?void 0:e.getElementById(n)),(r=(i=Vi(this,We))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Vi(this,We))==null?void 0:e.unassociateElement)==null||i.call(e,this),Ki(this,We,null)}get loadingDelay(){return Vi(this,_n)}set loadingDelay(e){Ki(this,_n,e);let{style:i}=H(this.shadowRoot,":host");i.setProperty("--_loading-indicator-delay",`var(--media-loading-indicator-transition-delay, ${e}ms)`)}get mediaPaused(){return L(this,s.MEDIA_PAUSED)}set mediaPaused(e){M(this,s.MEDIA_PAUSED,e)}get mediaLoading(){return L(this,s.MEDIA_LOADING)}set mediaLoading(e){M(this,s.MEDIA_LOADING,e)}get mediaController(){return O(this,R.MEDIA_CONTROLLER)}set mediaController(e){x(this,R.MEDIA_CONTROLLER,e)}get noAutohide(){return L(this,bn.NO_AUTOHIDE)}set noAutohide(e){M(this,bn.NO_AUTOHIDE,e)}};We=new WeakMap;_n=new WeakMap;Gi.shadowRootOptions={mode:"open"};Gi.getTemplateHTML=Bc;d.customElements.get("media-loading-indicator")||d.customElements.define("media-loading-indicator",Gi);var An=class{constructor(e,i,r,n,a,o){this.text=e;this.track=i;this.video=r;this.origin=n;this.shift=a;this.fail=o}text;track;video;origin;shift;fail;done=[];run=null;start(){if(this.run)return;let e=this.run=new AbortController;this.feed(e.signal)}stop(){this.run?.abort(),this.run=null}async feed(e){for(let i=0;!e.aborted&&i<4;){let r=this.next();if(!r){await Wc(this.video,e);continue}let n=this.origin(),a=[];try{a=await this.text.between(r[0]+n,r[1]+n,e),i=0}catch(o){!e.aborted&&++i===4&&this.fail(o instanceof Error?o.message:String(o)),await new Promise(l=>setTimeout(l,1e3*5));continue}if(e.aborted)return;for(let o of a){let l=this.shift()-n;this.track.addCue(new VTTCue(o.start+l,Math.max(o.start+.1,o.end)+l,o.text))}this.done.push(r)}}next(){let{currentTime:e,buffered:i,duration:r}=this.video,n=e;for(let l=0;l<i.length;l++)i.start(l)<=e+.1&&i.end(l)>n&&(n=i.end(l));r-n<1&&(n=r+1),n=Math.min(n,e+120);let a=Math.max(0,e-10);for(let l=!0;l;){l=!1;for(let[c,m]of this.done)c<=a&&m>a&&(a=m,l=!0)}if(a>=n||n-a<1&&n<r)return null;let o=Math.min(n,a+20,...this.done.map(([l])=>l).filter(l=>l>a));return[a,o]}};function Wc(t,e){return new Promise(i=>{let r=["timeupdate","seeking","progress"],n=()=>{for(let a of r)t.removeEventListener(a,n);e.removeEventListener("abort",n),i()};for(let a of r)t.addEventListener(a,n);e.addEventListener("abort",n)})}var bl="The browser started it without sound. A click on the loudspeaker turns it on.",Tn=class{constructor(e){this.options=e;this.video=e.video??u("video"),this.video.setAttribute("slot","media"),this.video.removeAttribute("controls"),this.video.playsInline=!0,e.crossOrigin&&(this.video.crossOrigin="anonymous"),this.element=Vc(this.video,e.media),this.video.addEventListener("error",()=>this.failed()),this.video.addEventListener("ended",()=>e.ended?.()),this.video.addEventListener("volumechange",()=>li({volume:this.video.volume})),this.video.addEventListener("ratechange",()=>li({rate:this.video.playbackRate})),this.video.addEventListener("loadedmetadata",()=>{this.video.playbackRate=lt().rate??1}),this.video.volume=lt().volume??1,this.video.textTracks.addEventListener("change",()=>this.changed()),e.media==="video"&&this.video.addEventListener("playing",()=>{this.lookInside()},{once:!0})}options;video;element;subtitles=[];unshown=[];repairing=null;aborted=new AbortController;tried=!1;said="";delay=0;async start(){let{url:e,type:i,from:r}=this.options,{way:n,why:a}=await Ao(e,i,this.aborted.signal);if(!this.aborted.signal.aborted){if(n==="none"){this.say(a??"","error"),this.video.removeAttribute("src");return}if(n==="repair"){await this.repair(r??0);return}this.video.src!==new URL(e,location.href).href&&(this.video.src=e),r&&this.seekFirst(r),this.watchSound(),this.video.addEventListener("loadedmetadata",()=>{i.startsWith("video/")&&this.video.videoWidth===0&&!this.tried&&this.say(_o,"error")}),await this.play()}}seekFirst(e){let i=()=>{this.video.currentTime=e};this.video.readyState>0?i():this.video.addEventListener("loadedmetadata",i,{once:!0})}async play(){try{await this.video.play()}catch(e){if(!(e instanceof DOMException)||e.name!=="NotAllowedError")return;this.video.muted=!0;try{await this.video.play(),this.said||this.say(bl,"note"),this.video.addEventListener("volumechange",()=>{this.said===bl&&this.say("","")},{once:!0})}catch{}}}watchSound(){let e=this.video,i=()=>{if(e.currentTime-(this.options.from??0)<1||e.seeking)return;e.removeEventListener("timeupdate",i),(e.webkitAudioDecodedByteCount===0||e.mozHasAudio===!1)&&/mp4|quicktime|matroska/.test(this.options.type)&&this.repairSound()};e.addEventListener("timeupdate",i)}async repairSound(){if(this.tried)return;let{probe:e}=await import("./repair-XV55ORBC.js"),i=await e(this.options.url).catch(()=>null);i&&i.sounds.length>0&&!this.aborted.signal.aborted&&await this.repair(this.video.currentTime)}failed(){let{error:e}=this.video;if(!(!this.video.getAttribute("src")||this.tried&&!this.repairing)){if(this.repairing){this.repairing&&e&&this.say(In(e,this.options.type),"error");return}if(!this.tried&&e?.code!==MediaError.MEDIA_ERR_NETWORK&&/mp4|matroska|mp2t|quicktime|webm|audio|msvideo/.test(this.options.type)){this.repair(this.options.from??0);return}this.explain(e)}}async explain(e){let i=In(e,this.options.type);try{let r=await fetch(this.options.url,{headers:{Range:"bytes=0-0",Accept:"application/problem+json"},signal:this.aborted.signal,...bo});r.ok?r.body?.cancel():i=(await r.json()).detail}catch{}this.say(i,"error")}async repair(e){if(!this.tried){this.tried=!0,this.say("This browser needs help with the file: preparing…","note");try{let{Repair:i}=await import("./repair-XV55ORBC.js");if(this.repairing=await i.open(this.options.url,this.options.type.startsWith("video/"),this.video,r=>this.say(r,"error")),this.aborted.signal.aborted){this.repairing.close();return}await this.repairing.start(e),this.say(this.repairing.note,this.repairing.note?"error":""),this.options.tracks?.(),await this.play()}catch(i){this.repairing?.close(),this.video.removeAttribute("src"),this.say(i instanceof Error?i.message:String(i),"error")}}}say(e,i){this.said=e,this.options.said?.(e,i)}sounds(){return this.repairing?.sounds??[]}async chooseSound(e){await this.repairing?.choose(e)}addSubtitle(e){let i=u("track",{kind:"subtitles",label:e.label,srclang:e.language||"und",src:e.url});this.video.append(i);let r={label:e.label,language:e.language,track:i.track,shift:0};i.addEventListener("load",()=>{r.shift=0,this.shift()}),i.addEventListener("error",()=>{i.track.mode==="showing"&&this.say(`The subtitles "${e.label}" cannot be read.`,"note")}),this.subtitles.push(r),this.options.tracks?.()}addCues(e,i,r){let n=this.video.addTextTrack("subtitles",e,i||"und");for(let o of r)n.addCue(new VTTCue(o.start,o.end,o.text));let a={label:e,language:i,track:n,shift:0};return this.subtitles.push(a),this.options.tracks?.(),a}async lookInside(){let{inside:e}=await import("./inside-IXI6S7XT.js"),i=await e(this.options.url,this.aborted.signal).catch(()=>null);if(!(!i||this.aborted.signal.aborted)){for(let r of i.texts){let n=To(r.language)||r.language,a=[Qi(n),r.name].filter(Boolean).join(": ")||"Subtitles",o=a.slice(0,100)+(r.forced&&!/forced/i.test(a)?" (forced)":"");if(r.why){this.unshown.push(`${o} (${r.why})`);continue}let l=this.video.addTextTrack("subtitles",o,n||"und"),c={label:o,language:n,track:l,shift:0};c.feed=new An(r,l,this.video,()=>this.repairing?.origin??0,()=>c.shift,m=>this.say(`The subtitles "${o}" cannot be read. ${m}`,"note")),this.subtitles.push(c)}i.chapters.length&&this.addChapters(i.chapters),this.options.tracks?.()}}addChapters(e){let i=this.repairing?.origin??0,r=e.map(a=>({start:Math.max(0,a.start-i),title:a.title})),n=this.video.addTextTrack("chapters","Chapters","und");n.mode="hidden",r.forEach((a,o)=>n.addCue(new VTTCue(a.start,r[o+1]?.start??(this.video.duration||a.start+1),a.title))),this.options.chapters?.(r)}show(e){for(let i of this.subtitles)i.track.mode=i===e?"showing":"disabled";this.changed()}changed(){for(let e of this.subtitles)e.track.mode==="showing"?e.feed?.start():e.feed?.stop();this.shift(),this.options.tracks?.()}showing(){return this.subtitles.find(e=>e.track.mode==="showing")??null}shift(e=this.delay){this.delay=e;let i=this.showing();if(!i?.track.cues)return;let r=e-i.shift;if(r!==0){i.shift=e;for(let n of[...i.track.cues])n.startTime+=r,n.endTime+=r}}close(){this.aborted.abort();for(let e of this.subtitles)e.feed?.stop();this.repairing?.close(),this.video.removeAttribute("src"),this.video.load()}};function Vc(t,e){let i=e==="video";return requestAnimationFrame(()=>{t.parentElement?.querySelector("media-captions-button")?.setAttribute("role","switch"),t.parentElement?.querySelector("media-time-display")?.setAttribute("role","timer")}),u("media-controller",{class:"player",audio:!i,"keyboard-forward-seek-offset":"10","keyboard-backward-seek-offset":"10"},t,i&&u("media-loading-indicator",{slot:"centered-chrome",noautohide:!0}),u("media-control-bar",null,u("media-play-button"),u("media-seek-backward-button",{seekoffset:"10"}),u("media-seek-forward-button",{seekoffset:"10"}),u("media-time-range"),u("media-time-display",{showduration:!0,notoggle:!0}),u("media-mute-button"),u("media-volume-range"),i&&u("media-captions-button"),i&&u("media-airplay-button"),i&&u("media-cast-button"),i&&u("media-pip-button"),i&&u("media-fullscreen-button")))}function _l(t){let e=navigator.userAgent,i=[],r=encodeURIComponent(t);if(/Android/.test(e)){let{protocol:n,host:a,pathname:o,search:l}=new URL(t);return i.push({label:"Open in a player app",href:`intent://${a}${o}${l}#Intent;action=android.intent.action.VIEW;scheme=${n.slice(0,-1)};type=video/*;end`}),i}return/iPhone|iPad/.test(e)?(i.push({label:"Open in VLC",href:`vlc-x-callback://x-callback-url/stream?url=${r}`}),i.push({label:"Open in Infuse",href:`infuse://x-callback-url/play?url=${r}`}),i):(i.push({label:"Open in VLC",href:`vlc://${t}`}),i.push({label:"Open in mpv",href:`mpv://play/${btoa(t).replace(/\+/g,"-").replace(/\//g,"_").replace(/=+$/,"")}`}),/Mac OS X/.test(e)&&i.push({label:"Open in IINA",href:`iina://weblink?url=${r}`}),/Windows/.test(e)&&i.push({label:"Open in PotPlayer",href:`potplayer://${t}`}),i)}function Al(t){let e=document.querySelector("#stage"),i=document.querySelector("#below"),r=e.querySelector("video"),n=ai(V(t,t.self)),a=document.body.dataset.type??"",o=u("p",{id:"said",role:"alert"}),l=u("p",{id:"line",role:"status"}),c=ji(),m=Mt()[t.self],p=m&&m.at>10&&!st(m)?m.at:0,_=null,E,f,A,T=[],w=Yc(),b=new Tn({url:n,type:a,media:t.media==="audio"?"audio":"video",from:p,video:r,said:(S,re)=>{o.textContent=S,o.className=re},ended:()=>{P(),f&&(location.href=ge(t,f))},tracks:()=>{w.prefer(b),w.update(b)},chapters:S=>{T=S,i.append(Gc(b,S))}});w.update(b),e.prepend(b.element),i.append(o,c.element,l,w.element,zc(t,n)),p&&o.before(u("p",{class:"note"},`Goes on at ${oi(p)}. `,u("button",{type:"button",class:"quiet",onclick:S=>{b.video.currentTime=0,S.target.parentElement?.remove()}},"Start from the beginning"))),b.start();let{video:v}=b,P=()=>{v.duration>60&&v.currentTime>0&&wo(t.self,v.currentTime,v.duration)},C=0;v.addEventListener("timeupdate",()=>{Date.now()-C>5e3&&(C=Date.now(),P())}),v.addEventListener("pause",P),addEventListener("pagehide",P);let N=!1;for(let S of["waiting","stalled","loadstart","seeking"])v.addEventListener(S,()=>{N=!0,J()});for(let S of["playing","canplay","seeked","error"])v.addEventListener(S,()=>{N=!1,J()});v.addEventListener("progress",J);function J(){let S=[];N&&v.readyState<3&&!v.error&&!v.paused&&S.push(`Waiting for ${A?Do(A):"the file"}`);let re=qc(v);re>0&&S.push(`${oi(re)} ahead`),A?.ready&&S.push(er(A,"of the file"));let j=S.filter(Boolean).join(" · ");l.textContent!==j&&(l.textContent=j)}Ji(t,t.self,{status:S=>{A=S,c.draw(S.map),J()},info:()=>{Te()},failed:S=>{v.readyState===0&&(o.textContent=S.detail,o.className="error")},end:S=>{o.textContent=S.detail,o.className="error"}});async function Te(){if(_)return;try{_=await zi(t)}catch{return}if(E=_.files.find(j=>j.href===t.self),!E)return;if(Lt({hash:t.hash,name:_.name,href:V(t,t.base,"view=1")}),t.media==="video")for(let j of yo(_.files,E,ot=>V(t,ot,"format=vtt")))b.addSubtitle(j);let S=go(_.files,E),re=S.indexOf(E);if(f=S[re+1],S.length>1&&(i.append(Qc(t,S[re-1],f)),i.append(t.media==="audio"?Xi(t,_,S,E):Wa(t,S,E))),"mediaSession"in navigator){navigator.mediaSession.metadata=new MediaMetadata({title:oe(E),album:_.name});let j=ot=>ot?()=>{location.href=ge(t,ot)}:null;navigator.mediaSession.setActionHandler("previoustrack",j(S[re-1])),navigator.mediaSession.setActionHandler("nexttrack",j(f))}}addEventListener("keydown",S=>{if(!(S.target instanceof HTMLElement&&S.target.closest("input, select, textarea")||S.ctrlKey||S.metaKey||S.altKey)){if(S.key==="n"&&f&&(location.href=ge(t,f)),S.key==="c"&&S.target===document.body){let j=b.subtitles[0];j&&b.show(b.showing()?null:j)}if(S.target===document.body){if((S.key===" "||S.key==="k")&&(S.preventDefault(),v.paused?v.play():v.pause()),(S.key==="ArrowLeft"||S.key==="j")&&(S.preventDefault(),v.currentTime-=10),(S.key==="ArrowRight"||S.key==="l")&&(S.preventDefault(),v.currentTime+=10),(S.key==="<"||S.key===">")&&(v.playbackRate=Math.min(4,Math.max(.25,v.playbackRate+(S.key===">"?.25:-.25))),w.rate(v.playbackRate)),S.key==="PageUp"||S.key==="PageDown"){let j=Kc(T,v.currentTime,S.key==="PageDown");j!==void 0&&(S.preventDefault(),v.currentTime=j)}S.key==="m"&&(v.muted=!v.muted),S.key==="f"&&(document.fullscreenElement?document.exitFullscreen():b.element.requestFullscreen())}}})}function Kc(t,e,i){return(i?t.find(r=>r.start>e+.5):t.findLast(r=>r.start<e-3))?.start}function Gc(t,e){let{video:i}=t,r=a=>()=>{i.currentTime=a,i.play()},n=e.map(a=>u("button",{type:"button",onclick:r(a.start)},u("small",null,oi(a.start)),ce(a.title)));return i.addEventListener("timeupdate",()=>{let a=e.findLastIndex(o=>o.start<=i.currentTime);n.forEach((o,l)=>{l===a?o.setAttribute("aria-current","true"):o.removeAttribute("aria-current")})}),u("section",{class:"playlist chapters"},u("h2",null,"Chapters"),u("ol",null,...n.map(a=>u("li",null,a))))}function qc(t){for(let e=0;e<t.buffered.length;e++)if(t.buffered.start(e)<=t.currentTime+.1&&t.buffered.end(e)>t.currentTime)return t.buffered.end(e)-t.currentTime;return 0}function Yc(){let t=u("select",{id:"subtitles"}),e=u("select",{id:"sound"}),i=u("select",{id:"speed"},...[.5,.75,1,1.25,1.5,1.75,2].map(v=>u("option",{value:String(v),selected:v===(lt().rate??1)},`${v} ×`)));i.addEventListener("change",()=>{A&&(A.video.playbackRate=Number(i.value))});let r=u("div",{class:"field"},u("label",{for:"sound"},"Sound"),e),n=u("output",{class:"delay"},"0.0 s"),a=u("button",{type:"button","aria-label":"Subtitles earlier"},"−"),o=u("button",{type:"button","aria-label":"Subtitles later"},"+"),l=u("input",{type:"file",id:"own",accept:".srt,.vtt,.ass,.ssa",class:"hidden"}),c=u("div",{class:"field"},u("span",null,"Delay"),a,n,o),m=u("label",{for:"own",class:"button"},"Add a file…"),p=u("span",{class:"error",role:"alert"}),_=u("div",{class:"field"},u("label",{for:"subtitles"},"Subtitles"),t),E=u("div",{class:"field"},m,l);_.hidden=E.hidden=document.body.dataset.media!=="video";let f=u("div",{class:"tracks"},_,c,E,r,u("div",{class:"field"},u("label",{for:"speed"},"Speed"),i),p),A=null,T=!1;r.hidden=c.hidden=!0;let w=async v=>{let P=v?.[0];if(!(!P||!A)){T=!0,p.textContent="";try{A.show(A.addCues(P.name,"",await So(P)))}catch(C){p.textContent=`${P.name}: ${C instanceof Error?C.message:String(C)}`}}},b=v=>{A&&(A.shift(Math.round((A.delay+v)*10)/10),n.textContent=`${A.delay.toFixed(1)} s`)};return a.addEventListener("click",()=>b(-.5)),o.addEventListener("click",()=>b(.5)),l.addEventListener("change",()=>{w(l.files)}),addEventListener("dragover",v=>v.preventDefault()),addEventListener("drop",v=>{v.preventDefault(),w(v.dataTransfer?.files)}),t.addEventListener("change",()=>{let v=A?.subtitles[Number(t.value)]??null;T=!0,A?.show(v),li({subtitles:v?v.language||v.label:""})}),e.addEventListener("change",()=>{A?.chooseSound(Number(e.value))}),{element:f,prefer(v){let P=lt().subtitles,C=P&&!T&&v.subtitles.find(N=>N.language===P||N.label===P);C&&(T=!0,v.show(C))},rate(v){i.value=String(v)},update(v){A=v;let P=v.showing();t.replaceChildren(u("option",{value:"-1"},v.subtitles.length+v.unshown.length?"Off":"None found"),...v.subtitles.map((N,J)=>u("option",{value:String(J),selected:N===P},N.label)),...v.unshown.map(N=>u("option",{disabled:!0},N))),c.hidden=!P;let C=v.sounds();r.hidden=C.length<2,e.replaceChildren(...C.map(N=>u("option",{value:String(N.id),selected:N.chosen},[Qi(N.language)||N.name||`Track ${N.id}`,N.codec.toUpperCase()].join(" · "))))}}}function zc(t,e){let i=ai(V(t,t.self.slice(0,t.self.lastIndexOf("/")+1),"format=m3u8")),r=u("button",{type:"button",onclick:n=>{wt(e,n.currentTarget)}},"Copy link");return u("div",{class:"actions"},r,..._l(e).map(n=>u("a",{class:"button",href:n.href},n.label)),u("a",{class:"button",href:i},"Playlist (m3u8)"),u("a",{class:"button",href:V(t,t.self,"download=1")},"Download"))}function Qc(t,e,i){let r=(n,a)=>n&&u("a",{class:"button",href:ge(t,n),title:oe(n)},a);return u("nav",{class:"neighbours","aria-label":"Previous and next"},r(e,"← Previous")??null,r(i,"Next →")??null)}function Wa(t,e,i){let r=Mt();return u("section",{class:"playlist"},u("h2",null,e.length>1?"Episodes":"Film"),u("ol",null,...e.map(n=>{let a=r[n.href];return u("li",{class:st(a)?"seen":""},u("a",{href:ge(t,n),"aria-current":n===i?"true":void 0},De(st(a)?se.check:se.play),ce(oe(n)),u("small",null,st(a)?"seen":a?`left at ${oi(a.at)}`:"")))})))}var qi=44,Tl=12,Zc=60;function Va(t,e,i){let r=Xc(e,Math.max(1,i)),n=e.map(b=>b.path.slice(1).join("/").toLowerCase());e.length<=Zc&&yl(r);let a=Mt(),o=[],l="",c=u("div",{class:"viewport",tabindex:"0",role:"region","aria-label":"Files"}),m=u("ul",{class:"rows"});c.append(m);let p=u("span",{role:"status",class:"found"}),_=u("input",{type:"search",id:"filter",placeholder:"Filter",autocomplete:"off",spellcheck:"false"}),E=u("div",{class:"row"},u("h2",null,"Files"),p,u("label",{for:"filter",class:"sr"},"Filter the files"),_);_.hidden=e.length<8;function f(){let b=Math.max(0,Math.floor(c.scrollTop/qi)-Tl),v=Math.min(o.length,b+Math.ceil(c.clientHeight/qi)+2*Tl);m.style.paddingTop=`${b*qi}px`,m.style.paddingBottom=`${(o.length-v)*qi}px`,m.replaceChildren(...o.slice(b,v).map((P,C)=>A(P,b+C)))}function A(b,v){let P=u("li",{"aria-setsize":String(o.length),"aria-posinset":String(v+1)});if(P.style.setProperty("--depth",String(b.depth)),b.folder){let C=b.folder;P.append(u("button",{type:"button","aria-expanded":String(C.open),onclick:()=>{C.open=!C.open,w(),T(v)}},De(se.right),De(se.folder),u("span",{class:"name"},ce(C.name)),u("small",null,`${le(C.files,"file")}, ${qe(C.size)}`)))}else if(b.file){let C=b.file,N=l?C.path.slice(1).join(" / ")||oe(C):oe(C),J=st(a[C.href]);P.append(u("a",{href:ge(t,C),class:J?"seen":""},De(Jc(kt(C.type))),u("span",{class:"name"},ce(N)),u("small",null,qe(C.size))))}return P}function T(b){m.querySelector(`[aria-posinset="${b+1}"] :is(a, button)`)?.focus()}function w(){if(o=[],l){let b=l.toLowerCase().split(/\s+/).filter(Boolean);for(let v=0;v<e.length;v++)b.every(P=>n[v].includes(P))&&o.push({depth:0,file:e[v]});p.textContent=le(o.length,"match","matches")}else Sl(r,0,o),p.textContent="";c.style.height=`${Math.min(o.length*qi+2,Math.max(320,innerHeight*.7))}px`,f()}return _.addEventListener("input",()=>{l=_.value.trim(),c.scrollTop=0,w()}),c.addEventListener("scroll",()=>requestAnimationFrame(f),{passive:!0}),addEventListener("resize",()=>requestAnimationFrame(f)),requestAnimationFrame(w),u("section",{class:"files"},E,c)}function Xc(t,e){let i={name:"",size:0,files:0,folders:new Map,own:[],open:!0};for(let r of t){let n=i;n.size+=r.size,n.files++;for(let a of r.path.slice(e,-1)){let o=n.folders.get(a);o||(o={name:a,size:0,files:0,folders:new Map,own:[],open:!1},n.folders.set(a,o)),n=o,n.size+=r.size,n.files++}n.own.push(r)}return i}function yl(t){t.open=!0,t.folders.forEach(yl)}function Sl(t,e,i){for(let r of t.folders.values())i.push({depth:e,folder:r}),r.open&&Sl(r,e+1,i);for(let r of t.own)i.push({depth:e,file:r})}function Jc(t){switch(t){case"video":return se.film;case"audio":return se.music;case"image":return se.picture;case"subtitle":case"text":return se.text;default:return se.file}}function Il(t){let e=document.querySelector("#torrent"),i=u("p",{id:"line",role:"status"}),r=ji(),n=Co(),a=u("p",{role:"alert",class:"error"}),o=u("section",{class:"search"},u("h2",null,"Looking for the torrent"),a,n.element,u("p",{class:"hint"},"This page becomes the torrent’s as soon as its list of files is here. ",u("a",{href:V(t,t.base,"format=html")},"Page without scripts")));t.known||e.append(o);let l=!1;async function c(){if(l)return;l=!0;let m;try{m=await zi(t)}catch(p){a.textContent=p instanceof Error?p.message:String(p),o.isConnected||e.append(o),l=!1;return}o.remove(),jc(t,m,e,r.element,i)}Ji(t,t.self,{status:m=>{m.ready||n.show(m),r.draw(m.map);let p=m.ready?er(m):"";i.textContent!==p&&(i.textContent=p)},info:()=>{a.textContent="",c()},failed:m=>{a.textContent=`${m.detail}`},end:m=>{a.textContent=m.detail,o.isConnected||e.append(o)}}),t.known&&c()}function jc(t,e,i,r,n){let a=t.path,o=t.self!==t.base,l=o?e.files.filter(f=>f.href.startsWith(t.self)):e.files,c=o?a[a.length-1]:e.name;document.title=c,document.querySelector("h1").replaceChildren(ce(c)),Lt({hash:t.hash,name:e.name,href:V(t,t.base,"view=1")});let m=l.reduce((f,A)=>f+A.size,0),p=Eo(l);i.append(u("p",{class:"facts"},`${le(l.length,"file")} · ${qe(m)}${e.private?" · private":""}`),u("div",{class:"actions"},p?u("a",{class:"button primary",href:ge(t,p)},De(se.play),"Play"):null,l.length===1&&l[0]?u("a",{class:p?"button":"button primary",href:V(t,l[0].href,"download=1")},"Download"):u("a",{class:p?"button":"button primary",href:V(t,t.self,"format=tar")},"Download all"),tu(t,e)),r,n);let _=eu(t,e,l);if(!_){i.append(Va(t,l,a.length));return}let E=u("details",{class:"all"},u("summary",null,`All ${le(l.length,"file")}`));E.addEventListener("toggle",()=>{E.open&&E.children.length===1&&E.append(Va(t,l,a.length))}),i.append(_,E)}function eu(t,e,i){let r=c=>i.filter(m=>kt(m.type)===c),n=r("video").filter(c=>!vo(c)),a=r("audio"),o=r("image"),l=Math.max(n.length,a.length,o.length);return l<2||l>500?null:n.length===l?Wa(t,n):a.length===l?Xi(t,e,a):o.length>=i.length/2?Ro(t,o):null}function tu(t,e){let i=t.self,r=e.files.length===1?e.files[0]:void 0,n=e.infohash??"",a=e.infohash_v2??"",l=`magnet:?${[n&&`xt=urn:btih:${n}`,!n&&a&&t.base.includes("/btmh/")&&`xt=urn:btmh:1220${iu(a)}`].filter(Boolean).join("&")}&dn=${encodeURIComponent(e.name)}${t.query?"&"+t.query.slice(1):""}`,m=`curl -C - -o '${(r?oe(r):`${t.path[t.path.length-1]??e.name}.tar`).replace(/[/\\'\0-\x1f]/g,"_")}' '${ai(V(t,r?r.href:i,r?"":"format=tar"))}'`;return u("details",{class:"menu"},u("summary",{class:"button"},"More"),u("div",{class:"items"},u("a",{href:l},"Magnet link"),u("button",{type:"button",onclick:p=>{wt(l,p.currentTarget)}},"Copy the magnet link"),u("a",{href:V(t,t.base,"format=torrent")},"Torrent file"),u("a",{href:V(t,i,"format=tar")},"Archive (tar)"),u("a",{href:V(t,i,"format=m3u8")},"Playlist (m3u8)"),u("button",{type:"button",onclick:p=>{wt(m,p.currentTarget)}},"Copy the curl line"),u("button",{type:"button",onclick:p=>{wt(n||a,p.currentTarget)}},"Copy the infohash"),u("a",{href:V(t,i,"format=html")},"Plain page")))}function iu(t){let e=0n,i=0;for(let r of t.toLowerCase()){let n="abcdefghijklmnopqrstuvwxyz234567".indexOf(r);if(n<0)return t;e=e<<5n|BigInt(n),i+=5}return(e>>BigInt(i%8)).toString(16).padStart(2*Math.floor(i/8),"0")}var yn=fo();switch(yn.page){case"start":Mo(yn);break;case"torrent":Il(yn);break;case"player":Al(yn);break}
